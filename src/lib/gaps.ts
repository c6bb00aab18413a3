// Texts with gaps such as {{language}}, which are filled in each time they are used.

/** A gap, asked for once however often it stands in the text; `{{text:long}}` wants several lines. */
export interface Gap {
  name: string;
  long: boolean;
}

// Words only, so that braces of a template or a formula are left as they stand.
const GAP = /\{\{ ?([\p{L}\p{N}][\p{L}\p{M}\p{N} _-]{0,39}?)( ?: ?long)? ?\}\}/gu;

export function gapsIn(text: string): Gap[] {
  const gaps = new Map<string, Gap>();

  for (const [, name = "", long] of text.matchAll(GAP)) {
    const isLong = long !== undefined || gaps.get(name)?.long === true;
    gaps.set(name, { name, long: isLong });
  }
  return [...gaps.values()];
}

/** What is put into a gap stands as it is: braces in it are no gaps. */
export function fillGaps(text: string, valueFor: (name: string) => string): string {
  return text.replace(GAP, (_gap, name: string) => valueFor(name));
}
