import { isHighSurrogate, isLowSurrogate } from "./plain.js";

const STRIDE = 512;

/** new = old.slice(0, keepPrefix) + middle + old.slice(old.length - keepSuffix); a missing old block is "". */
export type Splice = [index: number, keepPrefix: number, keepSuffix: number, middle: string];

/** Most of the time words are added to the last block, before its last `keepSuffix` characters. */
export type Insertion = [keepSuffix: number, middle: string];

/** `length` is the number of blocks afterwards. */
export interface BlockPatch {
  length: number;
  splices: Splice[];
  /** The same as the splices, where nothing else happens. */
  insertion?: Insertion;
}

/** What turns the old blocks into the new ones, or null when they are the same; `offset` blocks before them stay. */
export function difference(
  before: readonly string[],
  after: readonly string[],
  offset = 0,
): BlockPatch | null {
  const splices: Splice[] = [];
  for (const [index, html] of after.entries()) {
    const old = before[index] ?? "";
    if (old !== html) splices.push(splice(offset + index, old, html));
  }

  if (splices.length === 0 && before.length === after.length) {
    return null;
  } else {
    return patchOf(before, after, offset, splices);
  }
}

function patchOf(
  before: readonly string[],
  after: readonly string[],
  offset: number,
  splices: Splice[],
): BlockPatch {
  const patch = { length: offset + after.length, splices };
  const [[index, prefix, suffix, middle] = [-1, 0, 0, ""], ...more] = splices;
  const old = before[index - offset];
  const inserts =
    old !== undefined &&
    more.length === 0 &&
    index === patch.length - 1 &&
    before.length === after.length &&
    prefix + suffix === old.length;

  return inserts ? { ...patch, insertion: [suffix, middle] } : patch;
}

function splice(index: number, old: string, html: string): Splice {
  const prefix = commonPrefix(old, html);
  const suffix = commonSuffix(old, html, prefix);
  return [index, prefix, suffix, html.slice(prefix, html.length - suffix)];
}

function commonPrefix(old: string, html: string): number {
  const most = Math.min(old.length, html.length);
  let length = 0;
  // Comparing strides is far faster than comparing characters, and blocks grow at their end.
  while (length + STRIDE < most && old.startsWith(html.slice(length, length + STRIDE), length)) {
    length += STRIDE;
  }
  while (length < most && old.charCodeAt(length) === html.charCodeAt(length)) length += 1;

  return isHighSurrogate(old.charCodeAt(length - 1)) ? length - 1 : length;
}

function commonSuffix(old: string, html: string, prefix: number): number {
  const most = Math.min(old.length, html.length) - prefix;
  let length = 0;
  while (length < most && fromEnd(old, length) === fromEnd(html, length)) length += 1;

  return isLowSurrogate(fromEnd(old, length - 1)) ? length - 1 : length;
}

function fromEnd(text: string, distance: number): number {
  return text.charCodeAt(text.length - 1 - distance);
}
