import assert from "node:assert/strict";
import { test } from "node:test";
import { escapeHtml } from "../../src/lib/html.js";

test("what HTML would read as markup is escaped, and nothing else", () => {
  assert.equal(
    escapeHtml(`<a href="x" id='y'>&amp; é🦊`),
    "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp; é🦊",
  );
});
