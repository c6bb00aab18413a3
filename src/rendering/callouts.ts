import type { MarkdownIt, StateCore, Token } from "markdown-it";

const TITLE = /^\[!(note|tip|important|warning|caution)\][ \t]*(?:\n|$)/i;

/** A quote whose first line is `[!NOTE]`, or one of four others, is a callout. */
export function callouts(md: MarkdownIt): void {
  md.core.ruler.before("inline", "callouts", markCallouts);
  md.renderer.rules.callout_open = (tokens, index) => {
    const kind = String(tokens[index]?.info);
    const title = kind[0]?.toUpperCase() + kind.slice(1);
    return `<div class="callout callout--${kind}" role="note">\n<p class="callout__title">${title}</p>\n`;
  };
  md.renderer.rules.callout_close = () => "</div>\n";
}

function markCallouts(state: StateCore): void {
  const { tokens } = state;
  for (const [index, open] of tokens.entries()) {
    const text = open.type === "blockquote_open" ? tokens[index + 2] : undefined;
    const [line, kind] = TITLE.exec(text?.type === "inline" ? text.content : "") ?? [];
    if (text && line !== undefined && kind !== undefined) {
      turn(open, "callout_open", kind.toLowerCase());
      turn(closeOf(tokens, index), "callout_close", "");
      text.content = text.content.slice(line.length);
    }
  }
  state.tokens = withoutEmptyParagraphs(tokens);
}

function turn(token: Token | undefined, type: string, info: string) {
  if (token) Object.assign(token, { type, info, tag: "div" });
}

function closeOf(tokens: Token[], start: number): Token | undefined {
  const level = tokens[start]?.level;
  return tokens.find((token, index) => index > start && token.level === level && token.nesting < 0);
}

// A callout whose first paragraph was its title alone.
function withoutEmptyParagraphs(tokens: Token[]): Token[] {
  const isEmpty = (index: number) =>
    tokens[index]?.type === "callout_open" && tokens[index + 2]?.content === "";
  return tokens.filter((_, index) => ![1, 2, 3].some((before) => isEmpty(index - before)));
}
