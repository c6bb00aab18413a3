import type { BlockPatch } from "../../src/rendering/block-stream.js";

/** What a browser does with a patch: the blocks it holds afterwards. */
export function applyPatch(blocks: readonly string[], patch: BlockPatch | null): string[] {
  if (patch === null) return [...blocks];

  const after = Array.from({ length: patch.length }, (_, index) => blocks[index] ?? "");
  for (const [index, keepPrefix, keepSuffix, middle] of patch.splices) {
    const old = blocks[index] ?? "";
    after[index] = old.slice(0, keepPrefix) + middle + old.slice(old.length - keepSuffix);
  }
  return after;
}
