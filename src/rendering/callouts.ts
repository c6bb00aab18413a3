import type { MarkdownIt, StateCore, Token } from "markdown-it";
import { escapeHtml } from "../lib/html.js";
import { t } from "../lib/texts.js";

const TITLES: Record<string, string> = {
  note: escapeHtml(t("Note")),
  tip: escapeHtml(t("Tip")),
  important: escapeHtml(t("Important")),
  warning: escapeHtml(t("Warning")),
  caution: escapeHtml(t("Caution")),
};
const TITLE = /^\[!(note|tip|important|warning|caution)\][ \t]*(?:\n|$)/i;

/** A quote whose first line is `[!NOTE]`, or one of four others, is a callout. */
export function callouts(md: MarkdownIt): void {
  md.core.ruler.before("inline", "callouts", markCallouts);
  md.renderer.rules.callout_open = (tokens, index) => {
    const kind = String(tokens[index]?.info);
    return `<div class="callout callout--${kind}" role="note">\n<p class="callout__title">${TITLES[kind]}</p>\n`;
  };
  md.renderer.rules.callout_close = () => "</div>\n";
}

function markCallouts(state: StateCore): void {
  const { tokens } = state;
  const open: boolean[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.type === "blockquote_open") {
      open.push(isTurned(token, tokens[index + 2]));
    } else if (token.type === "blockquote_close" && open.pop()) {
      turn(token, "callout_close", "");
    }
  }
  state.tokens = withoutEmptyParagraphs(tokens);
}

function isTurned(quote: Token, first: Token | undefined): boolean {
  const [line, kind] = TITLE.exec(first?.type === "inline" ? first.content : "") ?? [];
  if (first === undefined || line === undefined || kind === undefined) return false;

  turn(quote, "callout_open", kind.toLowerCase());
  first.content = first.content.slice(line.length);
  return true;
}

function turn(token: Token, type: string, info: string) {
  Object.assign(token, { type, info, tag: "div" });
}

// A callout whose first paragraph was its title alone.
function withoutEmptyParagraphs(tokens: Token[]): Token[] {
  const isEmpty = (index: number) =>
    tokens[index]?.type === "callout_open" && tokens[index + 2]?.content === "";
  return tokens.filter((_, index) => ![1, 2, 3].some((before) => isEmpty(index - before)));
}
