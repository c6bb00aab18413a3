interface Found<T> {
  items: T[];
  number: number;
  hasOlder: boolean;
}

/** A page of a list with the addresses of its neighbours, and its own. */
export function pageLinks<T>({ items, number, hasOlder }: Found<T>) {
  return {
    items,
    number,
    older: hasOlder ? `?page=${number + 1}` : null,
    newer: number > 1 ? `?page=${number - 1}` : null,
    here: number > 1 ? `?page=${number}` : "",
  };
}
