import hljs from "highlight.js/lib/common";
import type { Env, Token } from "markdown-it";
import { escapeHtml } from "../lib/html.js";
import { t } from "../lib/texts.js";
import { extensionOf } from "./extensions.js";
import type { Context } from "./parser.js";
import { withinTime } from "./time-limit.js";

const LARGEST_HIGHLIGHTED = 50_000;
const SURELY_FAST = 500;
const LONGEST_MS = 150;
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

export function highlight(code: string, language: string): string {
  if (language === "" || code.length > LARGEST_HIGHLIGHTED) return escapeHtml(code);

  try {
    return highlightInTime(code, language);
  } catch {
    return escapeHtml(code);
  }
}

// Several grammars take time that grows with the square of the length, on 12 kB of "a" already two seconds.
// Ordinary code takes 6 ms per kB; meanwhile nobody's answer grows, so what takes long stays without colours.
function highlightInTime(code: string, language: string): string {
  const work = () => hljs.highlight(code, { language, ignoreIllegals: true }).value;
  if (code.length < SURELY_FAST) return work();

  // A grammar is compiled when it is first used, and must not be left half compiled.
  hljs.highlight("", { language });
  return withinTime(Math.min(LONGEST_MS, Math.ceil(100 + code.length / 50)), work);
}

/** Highlights each piece of code once: a list is rendered many times over while its last item grows. */
export function rememberedHighlight(): Highlight {
  const known = new Map<string, string>();

  return (code, language) => {
    const key = `${language}\n${code}`;
    const html = known.get(key) ?? highlight(code, language);
    known.set(key, html);
    return html;
  };
}

/**
 * For code that is still being written: whole lines are highlighted anew when they have grown by an eighth,
 * and what is newer is plain until then, so that the cost stays linear in the length of the code.
 */
export function growingHighlight(): Highlight {
  let done = { code: "", language: "", html: "" };

  return (code, language) => {
    if (language === "" || code.length > LARGEST_HIGHLIGHTED) return escapeHtml(code);

    const lines = code.slice(0, code.lastIndexOf("\n") + 1);
    const continues = done.language === language && code.startsWith(done.code);
    if (!continues || (lines.length > done.code.length * 1.125 && !isHopeless(done))) {
      done = { code: lines, language, html: highlight(lines, language) };
    }
    return done.html + escapeHtml(code.slice(done.code.length));
  };
}

// Not a word in colour: the grammar took too long, and would again.
function isHopeless({ code, html }: { code: string; html: string }): boolean {
  return code.length >= SURELY_FAST && !html.includes("<span");
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
