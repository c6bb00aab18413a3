// Words at the end of a part's last block come as [keepSuffix, words], with a 1 behind where the part
// is the reasoning; everything else as a patch of either part or of both.
export function readPatches(data) {
  if (Array.isArray(data)) {
    const [keepSuffix, middle, isReasoning] = data;
    return { [isReasoning ? "reasoning" : "answer"]: { insertion: [keepSuffix, middle] } };
  } else {
    return data;
  }
}

export function applyPatch(blocks, { length, splices, insertion }) {
  return insertion ? insert(blocks, insertion) : applySplices(blocks, length, splices);
}

function insert(blocks, [keepSuffix, middle]) {
  const last = blocks.at(-1) ?? "";
  return [...blocks.slice(0, -1), splice(last, last.length - keepSuffix, keepSuffix, middle)];
}

function applySplices(blocks, length, splices) {
  const patched = blocks.slice(0, length);
  for (const [index, keepPrefix, keepSuffix, middle] of splices) {
    if (!(index < length)) {
      throw new RangeError(`Block ${index} lies outside the ${length} there will be`);
    }
    patched[index] = splice(patched[index] ?? "", keepPrefix, keepSuffix, middle);
  }
  if (patched.length !== length || patched.includes(undefined)) {
    throw new RangeError(`The patch leaves blocks out of the ${length} there should be`);
  }
  return patched;
}

function splice(old, keepPrefix, keepSuffix, middle) {
  if (keepPrefix < 0 || keepPrefix + keepSuffix > old.length) {
    throw new RangeError(`The patch keeps more than the ${old.length} characters of its block`);
  }
  return old.slice(0, keepPrefix) + middle + old.slice(old.length - keepSuffix);
}
