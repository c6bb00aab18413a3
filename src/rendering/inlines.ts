import type { MarkdownIt, StateCore, StateInline, Token } from "markdown-it";
import { heal } from "./healing.js";
import { isOpenFence, lastLeaf } from "./leaf.js";
import type { Context } from "./parser.js";
import { withLabel } from "./tasks.js";

// Paragraphs are far shorter. Some hostile ones cost time that grows with the square of their length.
const LONGEST_INLINE = 16_000;
const DEEPEST_INLINE = 20;

/** Bounds what a paragraph may cost and how deep its emphasis may nest, and heals the one still being written. */
export function inlines(md: MarkdownIt): void {
  md.core.ruler.at("inline", parseInlines);
  md.inline.ruler2.after("balance_pairs", "growing", closeEmphasis);
}

function parseInlines(state: StateCore): void {
  const { growing } = state.env as Context;
  if (growing) growing.isWhole = markGrowing(state);

  for (const token of state.tokens) {
    if (token.type === "inline") token.children = parseInline(token, state);
  }
}

/** Whether all of the text is shown, and more of it would stand at the end of what is shown. */
function markGrowing({ tokens, src }: StateCore): boolean {
  const leaf = lastLeaf(tokens);

  if (leaf?.type === "fence") {
    const isOpen = isOpenFence(leaf, src);
    leaf.meta = { growing: isOpen };
    return isOpen;
  } else if (leaf?.type === "inline" && reachesEnd(tokens, leaf, src)) {
    const { content } = leaf;
    leaf.meta = { ...leaf.meta, growing: true };
    leaf.content = heal(content, !src.endsWith("\n"));
    return leaf.content === content;
  } else {
    return false;
  }
}

// A blank line ends a paragraph, and its own line ends a heading. Cells have no map: rows are held back whole.
function reachesEnd(tokens: Token[], leaf: Token, src: string): boolean {
  const isHeading = tokens[tokens.indexOf(leaf) - 1]?.type === "heading_open";
  const lines = src.split("\n").length - (src.endsWith("\n") ? 1 : 0);
  return leaf.map?.[1] === lines && !(isHeading && src.endsWith("\n"));
}

function parseInline(token: Token, state: StateCore): Token[] {
  if (token.content.length > LONGEST_INLINE) {
    const text = textToken(token.content, state);
    // Without content, the search for addresses passes it over.
    token.content = "";
    return [text];
  }

  const tokens: Token[] = [];
  state.env.healing = token.meta?.growing;
  state.env.isTask = token.meta?.isTask;
  state.md.inline.parse(token.content, state.md, state.env, tokens);
  const shown = tokens.map((inner) => (isTooDeep(inner) ? textToken(inner.markup, state) : inner));
  return withLabel(shown, state);
}

function isTooDeep({ type, level }: Token): boolean {
  return level >= DEEPEST_INLINE && /^(?:em|strong|s)_/.test(type);
}

function textToken(content: string, state: StateCore): Token {
  const token = new state.Token("text", "", 0);
  token.content = content;
  return token;
}

// Emphasis that was opened and not closed yet is closed at the end of what is there.
function closeEmphasis(state: StateInline): void {
  if (!state.env.healing) return;

  for (const index of unclosed(state).reverse()) closeAtEnd(state, index);
}

function unclosed({ delimiters }: StateInline): number[] {
  const open: number[] = [];
  let enclosedUntil = -1;
  for (const [index, delimiter] of delimiters.entries()) {
    if (delimiter.end >= 0) enclosedUntil = Math.max(enclosedUntil, delimiter.end);
    else if (delimiter.open && index > enclosedUntil) open.push(index);
  }
  return open;
}

function closeAtEnd(state: StateInline, index: number): void {
  const opener = state.delimiters[index] as StateInline["delimiters"][number];
  const token = state.push("text", "", 0);
  token.content = state.tokens[opener.token]?.content ?? "";

  opener.end = state.delimiters.length;
  const closer = { ...opener, token: state.tokens.length - 1, end: -1, open: false, close: true };
  state.delimiters.push(closer);
}
