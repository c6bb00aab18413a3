import MarkdownIt, { type Env, type StateCore, type Token } from "markdown-it";
import { callouts } from "./callouts.js";
import { type Highlight, highlight, renderCode } from "./code.js";
import { type Footnotes, footnotes, newFootnotes } from "./footnotes.js";
import { inlines } from "./inlines.js";
import { lastLeaf } from "./leaf.js";
import { links } from "./links.js";
import { type Formulas, math, rememberedFormulas } from "./math.js";
import { renderPlain } from "./plain.js";
import { tables } from "./tables.js";
import { tasks } from "./tasks.js";

const DEEPEST_NESTING = 60;

export type References = NonNullable<Env["references"]>;

/** What the rules know beside the text. With `growing`, the end of the text is unfinished. */
export interface Context extends Env {
  references: References;
  /** The levels, as written, of the headings that the next one stands under. */
  headings: number[];
  footnotes: Footnotes;
  highlight: Highlight;
  formulas: Formulas;
  growing?: {
    highlight: Highlight;
    /** Is told whether all of the text is shown, and more of it would stand at the end of what is. */
    isWhole: boolean;
  };
}

export interface Block {
  type: string;
  firstLine: number;
  endLine: number;
}

const md = new MarkdownIt({
  html: false,
  linkify: true,
  breaks: true,
  maxNesting: DEEPEST_NESTING,
});
md.use(inlines).use(links).use(tables).use(math).use(footnotes).use(callouts).use(tasks);
md.core.ruler.push("headings", outlineHeadings);
md.renderer.rules.fence = renderCode;
md.renderer.rules.code_block = renderCode;

export function newContext(scope: string): Context {
  return {
    references: Object.create(null),
    headings: [],
    footnotes: newFootnotes(scope),
    highlight,
    formulas: rememberedFormulas(),
  };
}

/** The HTML of each top-level block. Definitions of links are read from, and added to, the context. */
export function renderParsed(text: string, context: Context): string[] {
  try {
    return topLevel(md.parse(text, context)).flatMap((tokens) =>
      renderBlock(tokens, text, context),
    );
  } catch {
    return [renderPlain(text)];
  }
}

/** The top-level blocks and the innermost last one, without looking at what is inside a paragraph. */
export function outline(text: string): { blocks: Block[]; leaf: Token | undefined } {
  const tokens: Token[] = [];
  md.block.parse(text, md, {}, tokens);
  return { blocks: topLevel(tokens).map(blockOf), leaf: lastLeaf(tokens) };
}

function renderBlock(tokens: Token[], text: string, context: Context): string[] {
  if (tooDeep(tokens)) return [renderSource(tokens, text)];

  try {
    const html = md.renderer.render(tokens, md.options, context).trimEnd();
    return html === "<p></p>" ? [] : [html];
  } catch {
    return [renderSource(tokens, text)];
  }
}

// markdown-it drops the content of what is nested deeper than it may be.
function tooDeep(tokens: Token[]): boolean {
  return tokens.some((token) => token.nesting === 1 && token.level >= DEEPEST_NESTING - 1);
}

function renderSource(tokens: Token[], text: string): string {
  const { firstLine, endLine } = blockOf(tokens);
  return renderPlain(text.split("\n").slice(firstLine, endLine).join("\n"));
}

function topLevel(tokens: Token[]): Token[][] {
  const blocks: Token[][] = [];
  for (const token of tokens) {
    if (token.level === 0 && token.nesting !== -1) blocks.push([token]);
    else blocks.at(-1)?.push(token);
  }
  return blocks;
}

function blockOf(tokens: Token[]): Block {
  const [token] = tokens as [Token];
  const [firstLine, endLine] = token.map ?? [0, 0];
  return { type: token.type, firstLine, endLine };
}

// The page's own headings are h1 and h2. Models begin with any level and leave some out; a reader who
// goes by headings gets an outline without gaps.
function outlineHeadings(state: StateCore): void {
  const { headings } = state.env as Context;

  for (const token of state.tokens) {
    if (token.type === "heading_open") enter(headings, Number(token.tag.slice(1)));
    if (token.type.startsWith("heading_")) token.tag = `h${Math.min(6, headings.length + 2)}`;
  }
}

function enter(headings: number[], level: number): void {
  while ((headings.at(-1) ?? 0) >= level) headings.pop();
  headings.push(level);
}
