import type { BlockPatch, Insertion } from "../../src/rendering/block-stream.js";

/** What a browser does with a patch: the blocks it holds afterwards. */
export function applyPatch(blocks: readonly string[], patch: BlockPatch | null): string[] {
  if (patch === null) return [...blocks];
  if (patch.insertion) return inserted(blocks, patch.insertion);

  const after = Array.from({ length: patch.length }, (_, index) => blocks[index] ?? "");
  for (const [index, keepPrefix, keepSuffix, middle] of patch.splices) {
    const old = blocks[index] ?? "";
    after[index] = old.slice(0, keepPrefix) + middle + old.slice(old.length - keepSuffix);
  }
  return after;
}

function inserted(blocks: readonly string[], [keepSuffix, middle]: Insertion): string[] {
  const last = blocks.at(-1) ?? "";
  const at = last.length - keepSuffix;
  return [...blocks.slice(0, -1), last.slice(0, at) + middle + last.slice(at)];
}
