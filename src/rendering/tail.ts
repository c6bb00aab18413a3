const LONGEST_HELD_LINE = 1000;

const CONTAINERS = String.raw`^(?:[ \t]|>|[-*+][ \t]|\d{1,9}[.)][ \t])*`;
// A line of these alone may become a list, a heading, a rule, a fence, a table or nothing of the kind.
const ONLY_MARKS = /^[\s>#*+\-=_~`|:.)\d]*$/;
const ONLY_DELIMITERS = /^[\s>|:-]*$/;
const FENCE = new RegExp(String.raw`${CONTAINERS}(?:\`{3,}[^\`]*|~{3,}.*)$`);
const ROW = new RegExp(String.raw`${CONTAINERS}\|`);

/** What the whole lines before an unfinished one end in. */
export type Surroundings = "code" | "table" | "text";

/** The text without the lines at its end whose meaning is not known yet. */
export function holdBack(text: string, surroundings: Surroundings): string {
  const start = text.lastIndexOf("\n") + 1;
  const line = text.slice(start);
  const held = isUnclear(line, surroundings) ? text.slice(0, start) : text;

  if (surroundings === "text" && ONLY_DELIMITERS.test(line)) {
    return withoutTableHead(held);
  } else {
    return held;
  }
}

function isUnclear(line: string, surroundings: Surroundings): boolean {
  if (line.length > LONGEST_HELD_LINE) return false;
  return ONLY_MARKS.test(line) || (surroundings !== "code" && (FENCE.test(line) || ROW.test(line)));
}

// The row above could be the head of a table whose second line is still being written.
function withoutTableHead(text: string): string {
  const start = text.lastIndexOf("\n", text.length - 2) + 1;
  const line = text.slice(start);
  return ROW.test(line) && line.length <= LONGEST_HELD_LINE ? text.slice(0, start) : text;
}
