import type { Env, MarkdownIt, StateBlock, StateInline, Token } from "markdown-it";
import { escapeHtml } from "../lib/html.js";
import { t } from "../lib/texts.js";
import type { Context } from "./parser.js";

const BACK = escapeHtml(t("Back to the text"));
const LABEL = String.raw`\[\^([\p{L}\p{N}_-]{1,30})\]`;
const DEFINITION = new RegExp(String.raw`^${LABEL}:[ \t]+(?=\S)`, "u");
const REFERENCE = new RegExp(LABEL, "uy");

/** The footnotes of a message, which stand where the message has them: under their own label, not renumbered. */
export interface Footnotes {
  /** What makes their ids this message's own; without one nothing leads to and fro. */
  scope: string;
  defined: Set<string>;
  referred: Set<string>;
  shown: Set<string>;
}

export function newFootnotes(scope: string): Footnotes {
  return { scope, defined: new Set(), referred: new Set(), shown: new Set() };
}

/** The footnotes read so far, to which those in a text that is still being written are not added yet. */
export function settledFootnotes({ referred, shown, ...more }: Footnotes): Footnotes {
  return { ...more, referred: new Set(referred), shown: new Set(shown) };
}

/** `[^1]` leads to the paragraph that begins with `[^1]:`, and that back. Without one it is text. */
export function footnotes(md: MarkdownIt): void {
  md.block.ruler.before("reference", "footnote", takeDefinition, { alt: ["paragraph"] });
  md.inline.ruler.before("link", "footnote", takeReference);
  md.renderer.rules.footnote_open = openDefinition;
  md.renderer.rules.footnote_close = closeDefinition;
  md.renderer.rules.footnote_ref = renderReference;
}

function takeDefinition(state: StateBlock, start: number, end: number, silent: boolean): boolean {
  const first = state.src.slice(
    (state.bMarks[start] ?? 0) + (state.tShift[start] ?? 0),
    state.eMarks[start],
  );
  const [, label] = DEFINITION.exec(first) ?? [];
  if (label === undefined || (state.sCount[start] ?? 0) - state.blkIndent >= 4) return false;
  if (silent) return true;

  const next = paragraphEnd(state, start, end);
  if (!isGrowing(state.env)) known(state.env)?.defined.add(label);
  push(state, "footnote_open", 1, [start, next]).meta = { label };
  const text = push(state, "inline", 0, [start, next]);
  text.content = state.getLines(start, next, state.blkIndent, false).trim().replace(DEFINITION, "");
  text.children = [];
  push(state, "footnote_close", -1, null).meta = { label };
  state.line = next;
  return true;
}

function known(env: Env): Footnotes | undefined {
  return (env as Partial<Context>).footnotes;
}

function isGrowing(env: Env): boolean {
  return (env as Partial<Context>).growing !== undefined;
}

function push(state: StateBlock, type: string, nesting: -1 | 0 | 1, map: Token["map"]): Token {
  const token = state.push(type, nesting === 0 ? "" : "p", nesting);
  token.map = map;
  return token;
}

function paragraphEnd(state: StateBlock, start: number, end: number): number {
  const rules = state.md.block.ruler.getRules("paragraph");
  const { parentType } = state;
  state.parentType = "paragraph";

  let line = start + 1;
  while (line < end && !state.isEmpty(line)) {
    const indent = (state.sCount[line] ?? 0) - state.blkIndent;
    const current = line;
    const isInterrupted = indent <= 3 && (state.sCount[line] ?? 0) >= 0;
    if (isInterrupted && rules.some((rule) => rule(state, current, end, true))) break;
    line += 1;
  }
  state.parentType = parentType;
  return line;
}

function takeReference(state: StateInline, silent: boolean): boolean {
  REFERENCE.lastIndex = state.pos;
  const [whole = "", label = ""] = REFERENCE.exec(state.src) ?? [];
  if (!known(state.env)?.defined.has(label)) return false;

  if (!silent) state.push("footnote_ref", "", 0).meta = { label };
  state.pos += whole.length;
  return true;
}

function renderReference(tokens: Token[], index: number, _options: unknown, env?: Env): string {
  const { label, referred, scope, html } = footnoteOf(tokens[index], env);
  const isFirst = !referred.has(label);
  referred.add(label);

  const id = isFirst ? ` id="${scope}-ref-${label}"` : "";
  return scope === ""
    ? `<sup class="footnote-ref">${html}</sup>`
    : `<sup class="footnote-ref"${id}><a href="#${scope}-note-${label}" aria-label="${escapeHtml(t("Footnote {label}", { label }))}">${html}</a></sup>`;
}

function openDefinition(tokens: Token[], index: number, _options: unknown, env?: Env): string {
  const { label, shown, scope, html } = footnoteOf(tokens[index], env);
  const hasId = scope !== "" && !shown.has(label);
  shown.add(label);

  const id = hasId ? ` id="${scope}-note-${label}"` : "";
  return `<p class="footnote"${id}><span class="footnote__label">${html}.</span> `;
}

function closeDefinition(tokens: Token[], index: number, _options: unknown, env?: Env): string {
  const { label, referred, scope } = footnoteOf(tokens[index], env);
  return scope !== "" && referred.has(label)
    ? ` <a href="#${scope}-ref-${label}" class="footnote__back" aria-label="${BACK}">↩</a></p>\n`
    : "</p>\n";
}

function footnoteOf(token: Token | undefined, env?: Env) {
  const label = String(token?.meta?.label);
  return { label, html: escapeHtml(label), ...(env as Context).footnotes };
}
