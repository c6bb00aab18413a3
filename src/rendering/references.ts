import type { References } from "./parser.js";

/**
 * The definitions of links read so far, to which a text adds its own; `missing` gets the labels it asked for in
 * vain, which a definition that comes later would turn into links.
 */
export function watchedReferences(known: References, missing: Set<string>): References {
  return new Proxy(known, {
    get(target, label: string) {
      if (label !== "" && target[label] === undefined) missing.add(label);
      return target[label];
    },
    // Whoever defines a label asks for it first.
    set(target, label: string, definition) {
      missing.delete(label);
      target[label] = definition;
      return true;
    },
  });
}

/** The definitions read so far, to which those in a text that is still being written are not added yet. */
export function settledReferences(known: References): References {
  return new Proxy(known, { set: () => true });
}
