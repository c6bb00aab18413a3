import { renderDocument } from "./document.js";
import { newContext } from "./parser.js";
import { tidy } from "./plain.js";

/** Stored beside cached HTML; raised whenever the same text gives other HTML. */
export const RENDERER_VERSION = 1;

/** A whole Markdown document as safe HTML: `renderBlocks(text)` joined. Never throws. */
export function renderMarkdown(text: string): string {
  return renderBlocks(text).join("");
}

/**
 * Safe HTML, one string for each top-level block, each with exactly one root element. CommonMark with tables,
 * strikethrough and addresses as links; raw HTML shows as text. Text beyond 200,000 characters is not read as
 * Markdown. Never throws: what cannot be rendered is shown as it was written.
 */
export function renderBlocks(text: string): string[] {
  return renderDocument(tidy(text), newContext());
}
