import { escapeHtml } from "../lib/html.js";
import { textsVersion } from "../lib/texts.js";
import { renderDocument } from "./document.js";
import { newContext } from "./parser.js";
import { tidy } from "./plain.js";

/** Stored beside cached HTML; another whenever the same text gives other HTML, as in another language. */
export const RENDERER_VERSION = 3 + 100 * textsVersion;

/** A whole Markdown document as safe HTML: `renderBlocks(text, scope)` joined. Never throws. */
export function renderMarkdown(text: string, scope = ""): string {
  return renderBlocks(text, scope).join("");
}

/**
 * Safe HTML, one string for each top-level block, each with exactly one root element. CommonMark with tables,
 * strikethrough, addresses as links, formulas, footnotes, tasks and callouts; raw HTML shows as text. Text beyond
 * 200,000 characters is not read as Markdown. Never throws: what cannot be rendered is shown as it was written.
 * With a scope, which no other text on the page has, footnotes lead to and fro.
 */
export function renderBlocks(text: string, scope = ""): string[] {
  return renderDocument(tidy(text), newContext(scope));
}

/** The same, but without the colours of code. */
export function renderUncoloured(text: string, scope: string): string[] {
  return renderDocument(tidy(text), { ...newContext(scope), highlight: escapeHtml });
}
