let edition = 0;

/** What is another number as soon as other models are offered, or others' names are known. */
export function catalogueEdition(): number {
  return edition;
}

export function nextEdition() {
  edition += 1;
}
