import type { Env, MarkdownIt, StateBlock, StateInline, Token } from "markdown-it";
import { escapeHtml } from "../lib/html.js";
import { t } from "../lib/texts.js";
import { formulaAt } from "./formulas.js";
import { mathml } from "./mathml.js";
import type { Context } from "./parser.js";

// A sum of dollars in words has none of these.
const IS_TEX = /[\\^_={}+&]/;
const FORMULA = escapeHtml(t("Formula"));
const INTERRUPTED = ["paragraph", "reference", "blockquote", "list"];

/** TeX to HTML; a context remembers what it has rendered, since a paragraph is rendered many times while it grows. */
export type Formulas = (source: string, isDisplay: boolean) => string | null;

export function rememberedFormulas(): Formulas {
  const known = new Map<string, string | null>();

  return (source, isDisplay) => {
    const key = `${isDisplay}${source}`;
    const html = known.get(key);
    if (html !== undefined) return html;

    const fresh = mathml(source, isDisplay);
    known.set(key, fresh);
    return fresh;
  };
}

/**
 * Formulas between `$`, `$$`, `\(` and `\[`, within a line; those that stand by themselves may take several lines, up
 * to a blank one. What is no formula yet, or none that can be shown, is shown as it was written.
 */
export function math(md: MarkdownIt): void {
  md.inline.ruler.before("escape", "math", takeInline);
  md.block.ruler.before("fence", "math", takeBlock, { alt: INTERRUPTED });
  md.renderer.rules.math_inline = renderInline;
  md.renderer.rules.math_block = renderBlock;
}

function takeInline(state: StateInline, silent: boolean): boolean {
  const formula = formulaAt(state.src, state.pos);
  if (!formula || formula.end > state.posMax) return false;

  if (!silent) {
    const token = state.push("math_inline", "math", 0);
    token.content = formula.source;
    token.markup = state.src.slice(state.pos, formula.end);
    token.meta = { isDisplay: formula.isDisplay };
  }
  state.pos = formula.end;
  return true;
}

// Whether a line opens a formula depends on that line alone: what it interrupts is over for good.
function takeBlock(state: StateBlock, start: number, end: number, silent: boolean): boolean {
  if (indentOf(state, start) >= 4) return false;
  const closer = closerOf(lineOf(state, start));
  if (closer === null) return false;
  if (silent) return true;

  const last = lastLine(state, start, end, closer);
  const token = state.push("math_block", "math", 0);
  token.block = true;
  token.map = [start, last + 1];
  token.markup = state.getLines(start, last + 1, state.blkIndent, false).trim();
  token.content = between(token.markup, closer);
  state.line = last + 1;
  return true;
}

function indentOf({ sCount, blkIndent }: StateBlock, line: number): number {
  return (sCount[line] ?? 0) - blkIndent;
}

function lineOf({ src, bMarks, tShift, eMarks }: StateBlock, line: number): string {
  return src.slice((bMarks[line] ?? 0) + (tShift[line] ?? 0), eMarks[line]).trimEnd();
}

function closerOf(line: string): string | null {
  const opener = line.slice(0, 2);
  if ((opener !== "$$" && opener !== "\\[") || line[2] === "$") return null;

  const closer = opener === "$$" ? "$$" : "\\]";
  const rest = line.slice(2);
  const isWhole = rest.indexOf(closer) === closedAt(rest, closer);
  const isClear = rest.includes(closer) || rest === "" || IS_TEX.test(rest);
  return isWhole && isClear ? closer : null;
}

/** Where the closing delimiter is, if the line ends with it; the sentence may end after it. */
function closedAt(line: string, closer: string): number {
  return line.replace(/[.,;]$/, "").endsWith(closer) ? line.lastIndexOf(closer) : -1;
}

function lastLine(state: StateBlock, start: number, end: number, closer: string): number {
  if (closedAt(lineOf(state, start).slice(2), closer) >= 0) return start;

  let line = start + 1;
  while (line < end && !state.isEmpty(line) && indentOf(state, line) >= 0) {
    if (closedAt(lineOf(state, line), closer) >= 0) return line;
    line += 1;
  }
  return line - 1;
}

/** The formula, with the point that ends its sentence; nothing where it was not closed. */
function between(text: string, closer: string): string {
  const end = closedAt(text.slice(2), closer);
  return end < 0 ? "" : text.slice(2, 2 + end) + text.slice(2 + end + closer.length);
}

function renderInline(tokens: Token[], index: number, _options: unknown, env?: Env): string {
  const { content, markup, meta } = tokens[index] as Token;
  const html = (env as Context).formulas(content, meta?.isDisplay === true);
  return html ?? `<code class="formula">${escapeHtml(markup)}</code>`;
}

function renderBlock(tokens: Token[], index: number, _options: unknown, env?: Env): string {
  const { content, markup } = tokens[index] as Token;
  const html = content.trim() === "" ? null : (env as Context).formulas(content, true);
  return html === null
    ? `<pre class="formula">${escapeHtml(markup)}</pre>\n`
    : `<div class="formula" tabindex="0" role="group" aria-label="${FORMULA}">${html}</div>\n`;
}
