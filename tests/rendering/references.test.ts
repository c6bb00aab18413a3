import assert from "node:assert/strict";
import { test } from "node:test";
import { newContext } from "../../src/rendering/parser.js";
import { settledReferences, watchedReferences } from "../../src/rendering/references.js";

const DEFINITION = { href: "https://example.org", title: "" };

test("a label that was asked for in vain is missing", () => {
  const missing = new Set<string>();
  const references = watchedReferences({ A: DEFINITION }, missing);

  assert.equal(references.A, DEFINITION);
  assert.equal(references.B, undefined);
  assert.deepEqual([...missing], ["B"]);
});

test("a label that is defined is not missing", () => {
  const missing = new Set<string>();
  const known = newContext().references;
  const references = watchedReferences(known, missing);
  if (references.A === undefined) references.A = DEFINITION;

  assert.deepEqual([...missing], []);
  assert.equal(known.A, DEFINITION);
});

test("definitions in a text that is still being written do not count", () => {
  const references = settledReferences({ A: DEFINITION });
  references.B = DEFINITION;

  assert.equal(references.A, DEFINITION);
  assert.equal(references.B, undefined);
});
