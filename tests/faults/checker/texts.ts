/** A question's name, as it stands in its text: who asked, and a number. */
export const TAG = /\[(\w+-\d+)\]/g;

const WORDS_PER_PARAGRAPH = 12;

/** The words of a text: each names the text and its place in it, so that a gap, a double or a swap shows. */
export function wordsOf(text: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => word(`t${text}`, index));
}

export function thoughtsOf(text: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => word(`r${text}`, index));
}

/** Which text this is the beginning of, or null where there is too little to tell. */
export function textNumber(written: string): number | null {
  const [, number] = /^[tr](\d+)\./.exec(written) ?? [];
  return number === undefined ? null : Number(number);
}

/** Whether it is the beginning of the text that it names itself. */
export function isBeginning(written: string, kind: "t" | "r", text: number): boolean {
  const words = Array.from({ length: Math.ceil(written.length / 5) + 1 }, (_, index) =>
    word(`${kind}${text}`, index),
  );
  return words.join("").startsWith(written);
}

export function personOf(tag: string): string {
  return tag.split("-")[0] ?? "";
}

function word(name: string, index: number): string {
  return `${name}.${index}${(index + 1) % WORDS_PER_PARAGRAPH === 0 ? "\n\n" : " "}`;
}
