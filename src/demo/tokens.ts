// Not a real model's tokens, but about as long as theirs in English, in code and in Chinese.
const TOKEN =
  /\p{Script=Han}|\s?(?!\p{Script=Han})\p{L}(?:(?!\p{Script=Han})[\p{L}\p{M}]){0,6}|\s?\p{N}{1,3}|\s{1,8}|[^\s\p{L}\p{N}]{1,4}/gsu;
const TOKENS_AROUND_A_MESSAGE = 4;

/** A text in pieces that, joined, are the text again. */
export function tokensOf(text: string): string[] {
  return text.match(TOKEN) ?? [];
}

export function countMessage({ content }: { content: string }): number {
  return tokensOf(content).length + TOKENS_AROUND_A_MESSAGE;
}
