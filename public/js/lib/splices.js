export function applyPatch(blocks, { length, splices }) {
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
  if (keepPrefix + keepSuffix > old.length) {
    throw new RangeError(`The patch keeps more than the ${old.length} characters of its block`);
  }
  return old.slice(0, keepPrefix) + middle + old.slice(old.length - keepSuffix);
}
