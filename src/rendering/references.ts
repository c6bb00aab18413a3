import type { References } from "./parser.js";

/** The definitions read so far, to which those in a text that is still being written are not added yet. */
export function settledReferences(known: References): References {
  return new Proxy(known, { set: () => true });
}
