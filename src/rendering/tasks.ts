import type { MarkdownIt, StateCore, StateInline, Token } from "markdown-it";

const BOX = /^\[([ xX])\](?:\s+|$)/;

/** `- [x] done` is a box that is ticked, with its words as its label; it is for reading only. */
export function tasks(md: MarkdownIt): void {
  md.core.ruler.before("inline", "tasks", markTasks);
  md.inline.ruler.before("link", "task", takeBox);
  md.renderer.rules.task_open = (tokens, index) =>
    `<label><input type="checkbox" disabled${tokens[index]?.info === "x" ? " checked" : ""}> `;
  md.renderer.rules.task_close = () => "</label>";
}

function markTasks({ tokens }: StateCore): void {
  for (const [index, item] of tokens.entries()) {
    const text = item.type === "list_item_open" ? tokens[index + 2] : undefined;
    if (text?.type === "inline" && /^\[[ xX]\]\s/.test(text.content)) {
      item.attrJoin("class", "task");
      text.meta = { ...text.meta, isTask: true };
    }
  }
}

function takeBox(state: StateInline, silent: boolean): boolean {
  const [box, mark] = state.pos === 0 && state.env.isTask ? (BOX.exec(state.src) ?? []) : [];
  if (box === undefined || mark === undefined) return false;

  if (!silent) state.push("task_open", "", 0).info = mark.trim().toLowerCase();
  state.pos += box.length;
  return true;
}

/** The label goes on to the end of the words. */
export function withLabel(tokens: Token[], state: StateCore): Token[] {
  return tokens[0]?.type === "task_open"
    ? [...tokens, new state.Token("task_close", "", 0)]
    : tokens;
}
