import hljs from "highlight.js/lib/common";
import type { Env, Token } from "markdown-it";
import { escapeHtml } from "../lib/html.js";
import { t } from "../lib/texts.js";
import { extensionOf } from "./extensions.js";
import type { Context } from "./parser.js";

const LARGEST_HIGHLIGHTED = 50_000;
const LONGEST_LABEL = 40;
const LONG_LINES = 80;
const COPY = `<copy-button><button type="button" class="code__button" hidden>${escapeHtml(t("Copy"))}</button></copy-button>`;
const WRAP = `<label class="code__button code__wrap"><input type="checkbox">${escapeHtml(t("Wrap"))}</label>`;
const DIAGRAM = `<mermaid-diagram><button type="button" class="code__button" hidden>${escapeHtml(t("Source"))}</button></mermaid-diagram>`;
const DOWNLOAD = `<button type="button" class="code__button" hidden>${escapeHtml(t("Download"))}</button>`;
const FOLD = `<label class="code__fold"><input type="checkbox">${escapeHtml(t("Show all lines"))}</label>`;

/** Code to HTML; `language` is a name that highlight.js knows, or "". */
export type Highlight = (code: string, language: string) => string;

/** The renderer's rule for fenced and for indented code. */
export function renderCode(tokens: Token[], index: number, _options: unknown, env?: Env): string {
  const token = tokens[index] as Token;
  const context = env as Context;
  const label = labelOf(token);
  const language = hljs.getLanguage(label) ? label.toLowerCase() : "";
  const paint = token.meta?.growing ? context.growing?.highlight : context.highlight;

  const html = (paint ?? highlight)(token.content, language);
  return figure(label, language, html, isLong(token.content));
}

/** Ordinary code takes about 1 ms per kB, several grammars time that grows with the square of the length. */
export function highlight(code: string, language: string): string {
  if (!isColourable(code, language)) return escapeHtml(code);

  try {
    return hljs.highlight(code, { language, ignoreIllegals: true }).value;
  } catch {
    return escapeHtml(code);
  }
}

/** Whether there can be colours at all. */
export function isColourable(code: string, language: string): boolean {
  return language !== "" && code.length <= LARGEST_HIGHLIGHTED;
}

function labelOf(token: Token): string {
  const [word = ""] = token.info.trim().split(/\s/, 1);
  return [...word].slice(0, LONGEST_LABEL).join("");
}

// What is written is appended at the end, so that the button which unfolds it stands before the code.
function figure(label: string, language: string, html: string, isFolded: boolean): string {
  const name = `<span class="code__language">${escapeHtml(label || t("text"))}</span>`;
  const classes = language === "" ? "hljs" : `hljs language-${escapeHtml(language)}`;
  const buttons = `${isDiagram(label) ? DIAGRAM : ""}${WRAP}${download(language)}${COPY}`;
  const bar = `<figcaption class="code__bar">${name}${buttons}</figcaption>`;

  return (
    `<figure class="code${isFolded ? " code--long" : ""}">${bar}${isFolded ? FOLD : ""}` +
    `<pre tabindex="0"><code class="${classes}">${html}</code></pre></figure>\n`
  );
}

function isDiagram(label: string): boolean {
  return label.toLowerCase() === "mermaid";
}

function download(language: string): string {
  return `<code-download name="code.${extensionOf(language)}">${DOWNLOAD}</code-download>`;
}

function isLong(code: string): boolean {
  let at = -1;
  for (let lines = 0; lines <= LONG_LINES; lines += 1) {
    at = code.indexOf("\n", at + 1);
    if (at < 0) return false;
  }
  return true;
}
