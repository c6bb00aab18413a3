import type { Token } from "markdown-it";
import { Colours } from "./colours.js";
import { isLongMarkdown, markdownEnd, plainBlocks } from "./document.js";
import { settledFootnotes } from "./footnotes.js";
import { type Growth, growthOf } from "./growth.js";
import { isOpenFence } from "./leaf.js";
import { type Block, type Context, newContext, outline, renderParsed } from "./parser.js";
import { isHighSurrogate, plainChunkEnd, renderPlain, tidy } from "./plain.js";
import { settledReferences } from "./references.js";
import { type BlockPatch, difference } from "./splice.js";
import { holdBack, type Surroundings } from "./tail.js";

// So much is read at once, and a block may become so long: with either, others wait about 20 ms at the worst.
const STEP_CHARACTERS = 2_000;
const STEP_PLAIN_CHARACTERS = 64_000;
const LONGEST_OPEN = 6_000;

export type { BlockPatch, Insertion, Splice } from "./splice.js";

/**
 * Renders an answer while it grows. More text can change the last top-level block only, so the ones before it are
 * closed and just the rest is read again. A definition of a link or a footnote that comes after its use is the exception: it is
 * heeded by `finish`. The scope is that of `renderBlocks`. It shares a thread with whoever else is there, so it does a
 * little at a time and leaves out what takes long: then it is not exact, and its end is to be rendered elsewhere.
 */
export class BlockStream {
  // Not read yet: most of the time one token.
  #pending = "";
  // What is not closed yet, and of what is, the Markdown: should a definition come late, it is read once more.
  #open = "";
  #read: string[] = [];
  #readLength = 0;
  #isPlain = false;
  #isExact = true;
  #markdownBlocks = 0;
  #searched = 0;
  #surroundings: Surroundings = "text";

  #closed: string[] = [];
  #shownClosed = 0;
  #shownOpen: readonly string[] = [];
  #growth: Growth | null = null;
  #ended: readonly string[] | null = null;

  readonly #context: Context;
  readonly #colours = new Colours();
  readonly #growing = { highlight: this.#colours.growing, isWhole: false };

  constructor(scope = "") {
    this.#context = { ...newContext(scope), highlight: this.#colours.whole };
  }

  /** What the last `update` or `finish` has shown. */
  get blocks(): readonly string[] {
    return this.#ended ?? [...this.#closed.slice(0, this.#shownClosed), ...this.#shownOpen];
  }

  /** The leading blocks in which nothing can change any more but brackets that `finish` makes links. */
  get closed(): readonly string[] {
    return this.#closed;
  }

  /** Whether more has come than `update` has read. */
  get isBehind(): boolean {
    return this.#pending.length > 1;
  }

  /** Whether after `finish` the blocks are those of `renderBlocks` of the whole text. */
  get isExact(): boolean {
    return this.#isExact && this.#colours.areComplete;
  }

  append(text: string): void {
    this.#pending += text;
  }

  /** Shows everything so far, or the next part of much; what is unfinished at its end is held back or shown as if it were closed. */
  update(): BlockPatch | null {
    const text = this.#take(this.#step());
    if (this.#growth?.takes(text)) {
      return this.#grow(this.#growth, text);
    } else {
      this.#close();
      return this.#show(this.#renderOpen());
    }
  }

  /** Reads on without showing anything, for an answer that nobody reads: what is closed is rendered as it comes. */
  settle(): void {
    this.#take(this.#step());
    this.#growth = null;
    this.#close();
  }

  /** Shows the end, unless more has come than can be read at once. */
  finish(): BlockPatch | null {
    if (this.#pending.length > this.#mostAtOnce()) {
      this.#isExact = false;
      return this.update();
    }
    this.#take(this.#pending.length);
    this.#growth = null;
    this.#close();

    const before = this.blocks;
    const last = this.#isPlain ? this.#renderOpen() : renderParsed(this.#open, this.#context);
    const isAgain = this.#hasDefinitions() && this.#isShort();
    this.#closed = isAgain ? this.#renderAgain(last) : [...this.#closed, ...last];
    this.#open = "";
    return this.#end(before, this.#closed);
  }

  /** Shows these blocks as the end; `closed` keeps its own, and after them has what of the text they lack. */
  end(blocks: readonly string[]): BlockPatch | null {
    const before = this.blocks;
    this.#closed = [...this.#closed, ...plainBlocks(this.#open + tidy(this.#pending))];
    this.#open = "";
    this.#pending = "";
    return this.#end(before, blocks);
  }

  #end(before: readonly string[], blocks: readonly string[]): BlockPatch | null {
    this.#ended = blocks;
    this.#growth = null;
    this.#shownClosed = this.#closed.length;
    this.#shownOpen = [];
    return difference(before, blocks);
  }

  #step(): number {
    return wholeCharacters(this.#pending.slice(0, this.#mostAtOnce()));
  }

  #mostAtOnce(): number {
    return this.#isPlain ? STEP_PLAIN_CHARACTERS : STEP_CHARACTERS;
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
      this.#cutLongBlock();
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

  // What is behind the cut is shown as if a block began there. Code costs little while it grows.
  #cutLongBlock(): void {
    if (this.#open.length <= LONGEST_OPEN || this.#surroundings === "code") return;

    this.#isExact = false;
    this.#closeTo(lastBeginning(this.#open));
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

  // Of a long text it is not known what its definitions would change.
  #isShort(): boolean {
    this.#isExact &&= this.#readLength + this.#open.length <= LONGEST_OPEN;
    return this.#isExact;
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

/** Where the last line begins that is not indented, or else any line but the first, or else the end. */
function lastBeginning(text: string): number {
  const last = text.lastIndexOf("\n");
  for (let at = last; at > 0; at = text.lastIndexOf("\n", at - 1)) {
    if (/\S/.test(text.charAt(at + 1))) return at + 1;
  }
  return last > 0 ? last + 1 : text.length;
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
