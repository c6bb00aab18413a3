import assert from "node:assert/strict";
import { test } from "node:test";
import hljs from "highlight.js/lib/common";
import { warmUp } from "../../src/rendering/warm-up.js";

test("the grammar that takes longest to compile is ready before anybody uses it", () => {
  const java = hljs.getLanguage("java") as { isCompiled?: boolean };
  assert.equal(java.isCompiled, undefined);
  warmUp();
  assert.equal(java.isCompiled, true);
});
