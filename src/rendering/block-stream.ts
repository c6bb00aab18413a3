import type { Token } from "markdown-it";
import { growingHighlight, rememberedHighlight } from "./code.js";
import { markdownEnd, renderDocument } from "./document.js";
import { isOpenFence } from "./leaf.js";
import { type Block, newContext, outline, renderParsed } from "./parser.js";
import { isHighSurrogate, plainChunkEnd, renderPlain, tidy } from "./plain.js";
import { settledReferences } from "./references.js";
import { type BlockPatch, difference } from "./splice.js";
import { holdBack, type Surroundings } from "./tail.js";

export type { BlockPatch, Splice } from "./splice.js";

/**
 * Renders an answer while it grows. More text can change the last top-level block only, so the ones before it are
 * closed and just the rest is read again. A definition of a link that comes after its use is the exception: it is
 * heeded by `finish`.
 */
export class BlockStream {
  #blocks: readonly string[] = [];

  // In plain text only what is not closed yet: flattening millions of characters for each few that come is slow.
  #source = "";
  #isPlain = false;
  #read = 0;
  #searched = 0;
  #surroundings: Surroundings = "text";

  #closed: string[] = [];
  #closedTo = 0;

  #references = newContext().references;
  #headings = newContext().headings;
  #highlight = rememberedHighlight();
  #growing = { highlight: growingHighlight() };

  get blocks(): readonly string[] {
    return this.#blocks;
  }

  /** The number of leading blocks in which nothing can change any more but brackets that `finish` makes links. */
  get closed(): number {
    return this.#closed.length;
  }

  /** Takes everything so far; what is unfinished at its end is held back or shown as if it were closed. */
  update(text: string): BlockPatch | null {
    this.#readTo(text, wholeCharacters(text));
    this.#close();

    return this.#show([...this.#closed, ...this.#renderOpen()]);
  }

  /** Takes the whole text; the blocks are then those of `renderBlocks(text)`. */
  finish(text: string): BlockPatch | null {
    const blocks = renderDocument(tidy(text), { ...newContext(), highlight: this.#highlight });
    this.#closed = blocks;

    return this.#show(blocks);
  }

  #readTo(text: string, end: number): void {
    this.#source += tidy(text.slice(this.#read, end));
    this.#read = end;
  }

  #close(): void {
    if (!this.#isPlain) this.#closeLongMarkdown();

    if (this.#isPlain) {
      this.#closeChunks();
    } else {
      this.#closeBlocks();
    }
  }

  #closeLongMarkdown(): void {
    const end = markdownEnd(this.#source);
    if (end === this.#source.length) return;

    this.#closeTo(end);
    this.#isPlain = true;
    this.#source = this.#source.slice(end);
  }

  // An unfinished line may still join the paragraph above it, so only whole lines can close a block.
  #closeBlocks(): void {
    const wholeLines = this.#source.lastIndexOf("\n") + 1;
    if (wholeLines === this.#searched) return;

    const lines = this.#source.slice(this.#closedTo, wholeLines);
    const { blocks, leaf } = outline(lines);
    this.#searched = wholeLines;
    this.#surroundings = surroundingsOf(lines, leaf);
    this.#closeTo(this.#closedTo + lineStart(lines, firstOpenLine(blocks, lines)));
  }

  #closeTo(end: number): void {
    const text = this.#source.slice(this.#closedTo, end);
    const context = {
      references: this.#references,
      headings: this.#headings,
      highlight: this.#highlight,
    };
    this.#closed.push(...renderParsed(text, context));
    this.#closedTo = end;
  }

  #closeChunks(): void {
    let end = plainChunkEnd(this.#source, 0);
    while (end < this.#source.length) {
      this.#closed.push(renderPlain(this.#source.slice(0, end)));
      this.#source = this.#source.slice(end);
      end = plainChunkEnd(this.#source, 0);
    }
  }

  #renderOpen(): string[] {
    if (this.#isPlain) return [renderPlain(this.#source)];

    const text = this.#source.slice(this.#closedTo);
    return renderParsed(holdBack(text, this.#surroundings), {
      references: settledReferences(this.#references),
      headings: [...this.#headings],
      highlight: this.#highlight,
      growing: this.#growing,
    });
  }

  #show(blocks: readonly string[]): BlockPatch | null {
    const patch = difference(this.#blocks, blocks);
    this.#blocks = blocks;
    return patch;
  }
}

// Half a surrogate pair, or a CR whose LF is still to come.
function wholeCharacters(text: string): number {
  const last = text.charCodeAt(text.length - 1);
  return isHighSurrogate(last) || last === 0x0d ? text.length - 1 : text.length;
}

function surroundingsOf(lines: string, leaf: Token | undefined): Surroundings {
  if (leaf?.type === "fence" && isOpenFence(leaf, lines)) return "code";
  return leaf?.type === "table_close" && !/\n[\s>]*\n$/.test(lines) ? "table" : "text";
}

function firstOpenLine(blocks: Block[], lines: string): number {
  const last = blocks.at(-1);
  const before = blocks.at(-2);

  if (last === undefined) {
    return 0;
  } else if (isOver(last, lines)) {
    return last.endLine;
  } else {
    return before && mayGoOn(before, last) ? before.firstLine : last.firstLine;
  }
}

// A blank line after it ends any block but a list and indented code.
function isOver(block: Block, lines: string): boolean {
  const isBlankAfter = block.endLine < lines.split("\n").length - 1;
  return isBlankAfter && !/_list_open$|^code_block$/.test(block.type);
}

// A definition may have its title on the next line, which until it is whole is a paragraph.
function mayGoOn(block: Block, next: Block): boolean {
  return block.type === "reference_definition" && block.endLine === next.firstLine;
}

function lineStart(text: string, line: number): number {
  let start = 0;
  for (let passed = 0; passed < line; passed += 1) start = text.indexOf("\n", start) + 1;
  return start;
}
