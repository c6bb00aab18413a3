import type { MarkdownIt, Token } from "markdown-it";
import { escapeHtml } from "../lib/html.js";
import { t } from "../lib/texts.js";

const TABLE = escapeHtml(t("Table"));
const ALIGNMENT = /^text-align:(left|center|right)$/;

/** Tables scroll inside a box of their own, and say their alignment by class: the page's CSP forbids style=. */
export function tables(md: MarkdownIt): void {
  md.renderer.rules.table_open = () =>
    `<div class="table-scroll" tabindex="0" role="region" aria-label="${TABLE}"><table>\n`;
  md.renderer.rules.table_close = () => "</table></div>\n";
  md.renderer.rules.th_open = (tokens, index) =>
    `<${isBlank(tokens[index + 1]) ? "td" : 'th scope="col"'}${alignment(tokens[index])}>`;
  md.renderer.rules.th_close = (tokens, index) => (isBlank(tokens[index - 1]) ? "</td>" : "</th>");
  md.renderer.rules.td_open = (tokens, index) => `<td${alignment(tokens[index])}>`;
}

// The corner above row names heads nothing.
function isBlank(content: Token | undefined): boolean {
  return content?.content.trim() === "";
}

function alignment(cell: Token | undefined): string {
  const [, side] = ALIGNMENT.exec(String(cell?.attrGet("style"))) ?? [];
  return side ? ` class="align-${side}"` : "";
}
