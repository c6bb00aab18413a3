const LONGEST_FORMULA = 1000;
const LONGEST_HELD = 300;

const CLOSERS: Record<string, string> = { $$: "$$", "\\[": "\\]", "\\(": "\\)", $: "$" };
// Of "$5 and 6$ more", "$HOME/$USER" and "$5-$10" nothing is a formula.
const PRICE = /^\d[\d.,]*\s+\p{L}{2}[^\\^_={}]*$/u;
const NO_LAST_CHARACTER = /[\s/:,;("']/;

/** A formula in TeX, between its delimiters; `end` is after the closing one. */
export interface Formula {
  source: string;
  isDisplay: boolean;
  end: number;
}

/** What begins at the index is a formula, may become one with more text (`null`), or is none (`undefined`). */
export function formulaAt(text: string, index: number): Formula | null | undefined {
  const opener = openerAt(text, index);
  if (opener === undefined) return undefined;

  const start = index + opener.length;
  const closer = CLOSERS[opener] as string;
  const at = closerAt(text, start, closer);

  if (at === null) {
    return mayGoOn(text, start, opener) ? null : undefined;
  } else if (at === undefined || !isFormula(text, start, at, opener)) {
    return undefined;
  } else {
    const isDisplay = opener === "$$" || opener === "\\[";
    return { source: text.slice(start, at), isDisplay, end: at + closer.length };
  }
}

function openerAt(text: string, index: number): string | undefined {
  const two = text.slice(index, index + 2);
  if (two === "\\[" || two === "\\(") return two;
  if (!two.startsWith("$") || text[index - 1] === "$") return undefined;
  if (two === "$$") return text[index + 2] === "$" ? undefined : two;
  return /\w/.test(text[index - 1] ?? "") ? undefined : "$";
}

/** Where the formula ends; null where the text ends before it does, undefined where it cannot end any more. */
function closerAt(text: string, start: number, closer: string): number | null | undefined {
  const near = text.slice(start, start + LONGEST_FORMULA);
  const lineEnd = near.indexOf("\n");
  const end = start + (lineEnd < 0 ? near.length : lineEnd);

  let at = nextOf(closer, text, start);
  while (at >= 0 && at < end && isEscaped(text, at)) at = nextOf(closer, text, at + 1);
  if (at >= 0 && at + closer.length <= end) return at;
  return lineEnd < 0 && end === text.length ? null : undefined;
}

// Of many that open one after the other none may look for the same end again.
let found = { text: "", ends: new Map<string, { from: number; at: number }>() };

function nextOf(closer: string, text: string, from: number): number {
  if (found.text !== text) found = { text, ends: new Map() };
  const known = found.ends.get(closer);
  if (known && known.from <= from && (known.at < 0 || known.at >= from)) return known.at;

  const at = text.indexOf(closer, from);
  found.ends.set(closer, { from, at });
  return at;
}

function isEscaped(text: string, index: number): boolean {
  let first = index;
  while (text[first - 1] === "\\") first -= 1;
  return (index - first) % 2 === 1;
}

function isFormula(text: string, start: number, end: number, opener: string): boolean {
  const source = text.slice(start, end);
  if (opener !== "$") return source.trim() !== "";

  return (
    /^\S/.test(source) &&
    !NO_LAST_CHARACTER.test(source.at(-1) ?? " ") &&
    !/\d/.test(text[end + 1] ?? "") &&
    !PRICE.test(source)
  );
}

// A digit after the dollar is a price more often than the beginning of a formula.
function mayGoOn(text: string, start: number, opener: string): boolean {
  if (text.length - start > LONGEST_HELD) return false;
  return opener !== "$" || start === text.length || /[^\s\d]/.test(text[start] ?? "");
}
