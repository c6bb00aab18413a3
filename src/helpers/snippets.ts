import { type Word, wordsOf } from "../lib/words.js";
import { betweenCharacters } from "../rendering/plain.js";

/** A piece of text; a hit is what was looked for. */
export interface Part {
  text: string;
  isHit: boolean;
}

type Wanted = Word & { isPrefix: boolean };

interface Span {
  start: number;
  end: number;
  /** Which of the words it is. */
  word: number;
}

const CHARACTERS = 240;
const BEFORE = 60;
// Enough to find the place where most of the words are close together.
const MOST_SPANS = 60;
// What Markdown is made of, and nobody reads.
const MARKS = /^[ \t]*`{3,}.*$|\*\*|`+|^[ \t]*(?:#{1,6}|>|[-*+])[ \t]+/gm;

/** The place in a text where most of the words stand together; its beginning where none does. */
export function snippet(text: string, wanted: Wanted[]): Part[] {
  const plain = text.replace(MARKS, "");
  const spans = spansIn(plain, wanted);
  const start = beginning(plain, bestStart(spans));
  const end = start + CHARACTERS < plain.length ? ending(plain, start) : plain.length;
  const shown = spans.filter((span) => span.start >= start && span.end <= end);

  return [
    ...(start > 0 ? [{ text: "… ", isHit: false }] : []),
    ...parts(plain, start, end, shown),
    ...(end < plain.length ? [{ text: " …", isHit: false }] : []),
  ];
}

/** A whole text, with what was looked for in it. */
export function marked(text: string, wanted: Wanted[]): Part[] {
  return parts(text, 0, text.length, spansIn(text, wanted));
}

function spansIn(text: string, wanted: Wanted[]): Span[] {
  const spans: Span[] = [];

  for (const word of wordsOf(text)) {
    for (const [index, each] of wanted.entries()) {
      const place = placeIn(word, each);
      if (place) spans.push({ ...place, word: index });
    }
    if (spans.length >= MOST_SPANS) break;
  }
  return spans.sort((a, b) => a.start - b.start);
}

function placeIn(word: Word, wanted: Wanted): { start: number; end: number } | null {
  const at = wanted.runsOn ? word.folded.indexOf(wanted.folded) : beginsWith(word, wanted);
  if (at < 0) return null;

  // Where folding has changed a run's length, nobody knows where in it.
  const isExact = wanted.runsOn && word.folded.length === word.end - word.start;
  const start = isExact ? word.start + at : word.start;
  return { start, end: isExact ? start + wanted.folded.length : word.end };
}

function beginsWith({ folded }: Word, wanted: Wanted): number {
  const isIt = wanted.isPrefix ? folded.startsWith(wanted.folded) : folded === wanted.folded;
  return isIt ? 0 : -1;
}

function bestStart(spans: Span[]): number {
  const found = spans.map(({ start }) => {
    const near = spans.filter(
      (span) => span.start >= start && span.end <= start + CHARACTERS - BEFORE,
    );
    return { start, words: new Set(near.map(({ word }) => word)).size };
  });
  return found.reduce((best, each) => (each.words > best.words ? each : best), {
    start: 0,
    words: 0,
  }).start;
}

// Words are not cut in two, where there are spaces.
function beginning(text: string, hit: number): number {
  if (hit <= BEFORE) return 0;
  const space = text.slice(hit - BEFORE, hit).search(/\s/);
  return betweenCharacters(text, hit - BEFORE + (space < 0 ? BEFORE / 2 : space + 1));
}

function ending(text: string, start: number): number {
  const piece = text.slice(start, start + CHARACTERS);
  const space = piece.search(/\s\S*$/);
  return betweenCharacters(text, start + (space > CHARACTERS / 2 ? space : CHARACTERS));
}

function parts(text: string, start: number, end: number, spans: Span[]): Part[] {
  const found: Part[] = [];
  let at = start;

  for (const span of spans.filter((each, index) => each.start >= (spans[index - 1]?.end ?? 0))) {
    if (span.start > at) found.push({ text: text.slice(at, span.start), isHit: false });
    found.push({ text: text.slice(span.start, span.end), isHit: true });
    at = span.end;
  }
  if (end > at) found.push({ text: text.slice(at, end), isHit: false });
  return found;
}
