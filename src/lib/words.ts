// Texts as words that can be looked for, in any case, with or without accents, in any script.

/** A word, folded, and where it stands in its text. */
export interface Word {
  folded: string;
  start: number;
  end: number;
  /** Of a script that puts no space between words, so that it may hold many. */
  runsOn: boolean;
}

const LONGEST_WORD = 64;
const RUNNING_ON =
  String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}` +
  String.raw`\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー々`;
const WORD = new RegExp(String.raw`([${RUNNING_ON}]+)|[[\p{L}\p{N}\p{M}]--[${RUNNING_ON}]]+`, "gv");
const ASCII = /^[a-z0-9]*$/i;
const ACCENTS = /[\u0300-\u036f]/g;
const NO_LETTER = /[^\p{L}\p{N}\p{M}]/gu;

/** The words of a text in their order. */
export function* wordsOf(text: string): Generator<Word> {
  for (const { 0: word, 1: run, index } of text.matchAll(WORD)) {
    const folded = fold(word);
    if (folded) yield { folded, start: index, end: index + word.length, runsOn: Boolean(run) };
  }
}

/**
 * What a word is found by. One that runs on may be looked for from any of its characters on, so it is
 * each two of them that follow each other, and the last.
 */
export function termsOf({ folded, runsOn }: Word): string[] {
  if (!runsOn) return [folded.slice(0, LONGEST_WORD)];

  const characters = [...folded];
  return characters.map((character, index) => character + (characters[index + 1] ?? ""));
}

function fold(word: string): string {
  if (ASCII.test(word)) return word.toLowerCase();

  const plain = word.normalize("NFKD").replace(ACCENTS, "").normalize("NFC");
  return plain.replace(NO_LETTER, "").replaceAll("ß", "ss").toLowerCase();
}
