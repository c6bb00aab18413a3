import { escapeHtml } from "../lib/html.js";
import { withLineFeeds } from "../lib/text.js";

const CHUNK_CHARACTERS = 16_000;

/** Text as it was written, for what is too large or too deep to be Markdown. */
export function renderPlain(text: string): string {
  return `<pre class="plain" tabindex="0">${escapeHtml(text)}</pre>`;
}

/** Where the chunk of plain text that begins at `start` ends; the same however much text follows a full one. */
export function plainChunkEnd(text: string, start: number): number {
  const limit = start + CHUNK_CHARACTERS;
  if (text.length <= limit) return text.length;

  // A search in the text itself would go on before `start`, to its very beginning.
  const lineEnd = text.slice(start, limit).lastIndexOf("\n") + 1;
  return lineEnd > 0 ? start + lineEnd : betweenCharacters(text, limit);
}

/** The same place, or one before it when it would cut a surrogate pair in two. */
export function betweenCharacters(text: string, index: number): number {
  return isHighSurrogate(text.charCodeAt(index - 1)) ? index - 1 : index;
}

/** Line feeds only, and no NUL or half a character, which no two HTML parsers treat alike. */
export function tidy(text: string): string {
  const lines = text.includes("\r") ? withLineFeeds(text) : text;
  return lines.replace(/[\0\p{Surrogate}]/gu, "\uFFFD");
}

export function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

export function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
