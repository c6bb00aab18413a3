import type { Token } from "markdown-it";

/** The innermost block at the end of a document. A table counts as one. */
export function lastLeaf(tokens: Token[]): Token | undefined {
  return tokens.findLast((token) => token.nesting !== -1 || token.type === "table_close");
}

/** Whether the fence at the very end of a text still waits for its closing line, which would be its last. */
export function isOpenFence(fence: Token, text: string): boolean {
  const [first, end] = fence.map ?? [0, 0];
  const last = text.split("\n")[end - 1] ?? "";
  const [, marker = ""] = /^[\s>]*(`{3,}|~{3,})\s*$/.exec(last) ?? [];
  return end - first < 2 || !marker.startsWith(fence.markup);
}
