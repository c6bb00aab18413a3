import { formulaAt } from "./formulas.js";

const LONGEST_LABEL = 300;
const LONGEST_ADDRESS = 2000;

const MARKS = /[\\`[\]<$]/g;
// What may stand between a label and the end of the text without being a whole link yet.
const UNFINISHED_ADDRESS = /\(\s*(?:<[^<>\n]*|\S*)(?:\s+(?:["'(][\s\S]*)?)?$/y;
const WHOLE_ADDRESS =
  /\(\s*(?:<[^<>\n]*>|[^\s<>()]*(?:\([^\s()]*\)[^\s()]*)*)(?:\s+(?:"[^"]*"|'[^']*'|\([^()]*\)))?\s*\)/y;
const UNFINISHED_DEFINITION = /^\[[^[\]\n]+\]:\s*\S*(?:\s+["'(][^\n]*)?$/;
const UNFINISHED_AUTOLINK = /<(?:[a-zA-Z][^\s<>]*)?$/y;
const LOOSE_END = /(?:&(?:#?\w{0,31})?|!|[*_~]+)$/;

/** Where a paragraph is to be cut, or how many backticks close the code at its end. */
interface Unfinished {
  from: number;
  code: number;
}

/**
 * The text of a paragraph that is still being written, without what would look different once it is whole: a link or
 * a formula is held back until it is one, a code span is closed. Emphasis is closed later, where markdown-it has found it.
 */
export function heal(text: string, atEnd: boolean): string {
  const { from, code } = findUnfinished(text, atEnd);

  if (code > 0) {
    return text.replace(/`+$/, "") + "`".repeat(code);
  } else if (from < text.length) {
    return withoutLooseEnd(text.slice(0, from)).trimEnd();
  } else {
    return atEnd ? withoutLooseEnd(text) : withoutBackslash(text);
  }
}

function findUnfinished(text: string, atEnd: boolean): Unfinished {
  if (atEnd && text.length < LONGEST_ADDRESS && UNFINISHED_DEFINITION.test(text)) return cut(0);

  const labels: number[] = [];
  for (let index = nextMark(text, 0); index < text.length; ) {
    const found = step(text, index, labels, atEnd);
    if (typeof found === "number") index = nextMark(text, found);
    else return found;
  }
  return cut(openLabel(text, labels) ?? text.length);
}

function cut(from: number): Unfinished {
  return { from, code: 0 };
}

function nextMark(text: string, from: number): number {
  MARKS.lastIndex = from;
  return MARKS.exec(text)?.index ?? text.length;
}

function openLabel(text: string, labels: number[]): number | undefined {
  return labels.find((start) => text.length - start <= LONGEST_LABEL);
}

/** Where to go on reading, or what turned out to be unfinished. */
function step(text: string, index: number, labels: number[], atEnd: boolean): number | Unfinished {
  switch (text[index]) {
    case "$":
    case "\\":
      return passFormula(text, index, labels, atEnd);
    case "`":
      return passCode(text, index, labels);
    case "[":
      labels.push(text[index - 1] === "!" ? index - 1 : index);
      return index + 1;
    case "]":
      return passLabel(text, index, labels, atEnd);
    default:
      return matchesAt(UNFINISHED_AUTOLINK, text, index) > 0 ? cut(index) : index + 1;
  }
}

function passCode(text: string, index: number, labels: number[]): number | Unfinished {
  const [run] = /^`+/.exec(text.slice(index)) as RegExpExecArray;
  const start = index + run.length;
  const end = codeEnd(text, start, run.length);
  const label = openLabel(text, labels);

  if (end > 0) return end;
  if (label !== undefined) return cut(label);
  return start === text.length ? cut(index) : { from: text.length, code: run.length };
}

// What no formula begins at is a dollar, or escapes the character after it.
function passFormula(text: string, index: number, labels: number[], atEnd: boolean) {
  const formula = formulaAt(text, index);
  if (formula) return formula.end;
  if (formula === null && atEnd) return cut(openLabel(text, labels) ?? index);
  return text[index] === "\\" ? index + 2 : index + 1;
}

function codeEnd(text: string, start: number, length: number): number {
  for (const run of text.slice(start).matchAll(/`+/g)) {
    if (run[0].length === length) return start + run.index + length;
  }
  return -1;
}

function passLabel(text: string, index: number, labels: number[], atEnd: boolean) {
  const start = labels.pop();
  const next = index + 1;
  if (start === undefined || text.length - start > LONGEST_ADDRESS) return next;

  switch (text[next]) {
    case undefined:
      return atEnd ? cut(start) : next;
    case "(":
      return passAddress(text, next, start);
    case "[":
      labels.push(start);
      return next + 1;
    default:
      return next;
  }
}

function passAddress(text: string, index: number, start: number): number | Unfinished {
  const whole = matchesAt(WHOLE_ADDRESS, text, index);
  if (whole > 0) return whole;

  return matchesAt(UNFINISHED_ADDRESS, text, index) > 0 ? cut(start) : index;
}

/** Where the match that begins at the index ends, or 0. */
function matchesAt(pattern: RegExp, text: string, index: number): number {
  pattern.lastIndex = index;
  return pattern.test(text) ? pattern.lastIndex : 0;
}

function withoutLooseEnd(text: string): string {
  return withoutBackslash(text.replace(LOOSE_END, ""));
}

function withoutBackslash(text: string): string {
  const [run] = /\\*$/.exec(text) as RegExpExecArray;
  return run.length % 2 === 1 ? text.slice(0, -1) : text;
}
