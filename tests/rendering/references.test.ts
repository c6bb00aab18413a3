import assert from "node:assert/strict";
import { test } from "node:test";
import { settledReferences } from "../../src/rendering/references.js";

const DEFINITION = { href: "https://example.org", title: "" };

test("definitions in a text that is still being written do not count", () => {
  const references = settledReferences({ A: DEFINITION });
  references.B = DEFINITION;

  assert.equal(references.A, DEFINITION);
  assert.equal(references.B, undefined);
});
