import { type Context, renderParsed } from "./parser.js";
import { betweenCharacters, plainChunkEnd, renderPlain } from "./plain.js";

const LARGEST_MARKDOWN = 200_000;

/** The blocks of a tidy text: Markdown at first, plain text after 200,000 characters. */
export function renderDocument(source: string, context: Context): string[] {
  const end = markdownEnd(source);
  return [...renderParsed(source.slice(0, end), context), ...plainBlocks(source, end)];
}

export function isLongMarkdown(characters: number): boolean {
  return characters > LARGEST_MARKDOWN;
}

/** Where Markdown ends and plain text begins; it depends on the text before it only. */
export function markdownEnd(source: string): number {
  if (!isLongMarkdown(source.length)) return source.length;

  const lineEnd = source.lastIndexOf("\n", LARGEST_MARKDOWN - 1) + 1;
  return lineEnd > 0 ? lineEnd : betweenCharacters(source, LARGEST_MARKDOWN);
}

/** Text from here to its end as it was written. */
export function plainBlocks(source: string, start = 0): string[] {
  const blocks: string[] = [];
  for (let from = start; from < source.length; ) {
    const end = plainChunkEnd(source, from);
    blocks.push(renderPlain(source.slice(from, end)));
    from = end;
  }
  return blocks;
}
