import type { Token } from "markdown-it";
import { growingHighlight, rememberedHighlight } from "./code.js";
import { isLongMarkdown, markdownEnd } from "./document.js";
import { settledFootnotes } from "./footnotes.js";
import { type Growth, growthOf } from "./growth.js";
import { isOpenFence } from "./leaf.js";
import { type Block, type Context, newContext, outline, renderParsed } from "./parser.js";
import { isHighSurrogate, plainChunkEnd, renderPlain, tidy } from "./plain.js";
import { settledReferences } from "./references.js";
import { type BlockPatch, difference } from "./splice.js";
import { holdBack, type Surroundings } from "./tail.js";

export type { BlockPatch, Insertion, Splice } from "./splice.js";

/**
 * Renders an answer while it grows. More text can change the last top-level block only, so the ones before it are
 * closed and just the rest is read again. A definition of a link or a footnote that comes after its use is the exception: it is
 * heeded by `finish`. The scope is that of `renderBlocks`.
 */
export class BlockStream {
  // Not read yet: most of the time one token.
  #pending = "";
  // What is not closed yet, and of what is, the Markdown: should a definition come late, it is read once more.
  #open = "";
  #read: string[] = [];
  #readLength = 0;
  #isPlain = false;
  #markdownBlocks = 0;
  #searched = 0;
  #surroundings: Surroundings = "text";

  #closed: string[] = [];
  #shownClosed = 0;
  #shownOpen: readonly string[] = [];
  #growth: Growth | null = null;

  readonly #context: Context;
  readonly #growing = { highlight: growingHighlight(), isWhole: false };

  constructor(scope = "") {
    this.#context = { ...newContext(scope), highlight: rememberedHighlight() };
  }

  /** What the last `update` or `finish` has shown. */
  get blocks(): readonly string[] {
    return [...this.#closed.slice(0, this.#shownClosed), ...this.#shownOpen];
  }

  /** The leading blocks in which nothing can change any more but brackets that `finish` makes links. */
  get closed(): readonly string[] {
    return this.#closed;
  }

  append(text: string): void {
    this.#pending += text;
  }

  /** Shows everything so far; what is unfinished at its end is held back or shown as if it were closed. */
  update(): BlockPatch | null {
    const text = this.#take(wholeCharacters(this.#pending));
    if (this.#growth?.takes(text)) {
      return this.#grow(this.#growth, text);
    } else {
      this.#close();
      return this.#show(this.#renderOpen());
    }
  }

  /** Reads on without showing anything, for an answer that nobody reads: what is closed is rendered as it comes. */
  settle(): void {
    this.#take(wholeCharacters(this.#pending));
    this.#growth = null;
    this.#close();
  }

  /** Shows the end; the blocks are then those of `renderBlocks` of the whole text. */
  finish(): BlockPatch | null {
    this.#take(this.#pending.length);
    this.#growth = null;
    this.#close();

    const before = this.blocks;
    const last = this.#isPlain ? this.#renderOpen() : renderParsed(this.#open, this.#context);
    this.#closed = this.#hasDefinitions() ? this.#renderAgain(last) : [...this.#closed, ...last];
    this.#shownClosed = this.#closed.length;
    this.#shownOpen = [];
    this.#open = "";
    return difference(before, this.#closed);
  }

  #take(end: number): string {
    const text = tidy(this.#pending.slice(0, end));
    this.#pending = this.#pending.slice(end);
    this.#open += text;
    return text;
  }

  #grow(growth: Growth, text: string): BlockPatch | null {
    const index = this.#shownOpen.length - 1;
    const grown = growth.grow(this.#shownOpen[index] as string, text);
    if (grown === null) return null;

    this.#shownOpen = [...this.#shownOpen.slice(0, index), grown.html];
    const last = this.#shownClosed + index;
    return { length: last + 1, splices: [[last, ...grown.splice]], insertion: grown.insertion };
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
    const length = this.#readLength + this.#open.length;
    if (!isLongMarkdown(length)) return;

    this.#closeTo(markdownEnd(this.#read.join("") + this.#open) - this.#readLength);
    this.#markdownBlocks = this.#closed.length;
    this.#isPlain = true;
  }

  // An unfinished line may still join the paragraph above it, so only whole lines can close a block.
  #closeBlocks(): void {
    const wholeLines = this.#open.lastIndexOf("\n") + 1;
    if (wholeLines === this.#searched) return;

    const lines = this.#open.slice(0, wholeLines);
    const { blocks, leaf } = outline(lines);
    this.#surroundings = surroundingsOf(lines, leaf);
    this.#closeTo(lineStart(lines, firstOpenLine(blocks, lines)));
    this.#searched = this.#open.lastIndexOf("\n") + 1;
  }

  #closeTo(end: number): void {
    const text = this.#open.slice(0, end);
    this.#closed.push(...renderParsed(text, this.#context));
    this.#read.push(text);
    this.#readLength += end;
    this.#open = this.#open.slice(end);
  }

  #closeChunks(): void {
    let end = plainChunkEnd(this.#open, 0);
    while (end < this.#open.length) {
      this.#closed.push(renderPlain(this.#open.slice(0, end)));
      this.#open = this.#open.slice(end);
      end = plainChunkEnd(this.#open, 0);
    }
  }

  #renderOpen(): string[] {
    this.#growth = null;
    if (this.#isPlain) return this.#open === "" ? [] : [renderPlain(this.#open)];

    const text = holdBack(this.#open, this.#surroundings);
    this.#growing.isWhole = false;
    const { references, headings, footnotes } = this.#context;
    const blocks = renderParsed(text, {
      ...this.#context,
      references: settledReferences(references),
      headings: [...headings],
      footnotes: settledFootnotes(footnotes),
      growing: this.#growing,
    });

    if (text === this.#open && this.#growing.isWhole) {
      this.#growth = growthOf(text, blocks.at(-1) ?? "", this.#surroundings === "code");
    }
    return blocks;
  }

  #hasDefinitions(): boolean {
    const { references, footnotes } = this.#context;
    return Object.keys(references).length > 0 || footnotes.defined.size > 0;
  }

  // With all definitions known, more of the brackets are links.
  #renderAgain(last: string[]): string[] {
    const markdown = this.#read.join("") + (this.#isPlain ? "" : this.#open);
    const { highlight, formulas, footnotes } = this.#context;
    const context = { ...newContext(footnotes.scope), highlight, formulas };
    const blocks = renderParsed(markdown, context);
    return this.#isPlain
      ? [...blocks, ...this.#closed.slice(this.#markdownBlocks), ...last]
      : blocks;
  }

  #show(open: readonly string[]): BlockPatch | null {
    const after = [...this.#closed.slice(this.#shownClosed), ...open];
    const patch = difference(this.#shownOpen, after, this.#shownClosed);
    this.#shownClosed = this.#closed.length;
    this.#shownOpen = open;
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
