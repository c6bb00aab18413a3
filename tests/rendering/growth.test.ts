import assert from "node:assert/strict";
import { test } from "node:test";
import { growthOf } from "../../src/rendering/growth.js";

test("plain words grow where the paragraph's text ends, and spaces wait for the next word", () => {
  const growth = growthOf("A **bold** word", "<p>A <strong>bold</strong> word</p>", false);

  assert.ok(growth);
  assert.ok(growth.takes(" (and more, é), "));
  assert.equal(growth.grow("<p>word</p>", " and ")?.html, "<p>word and</p>");
  assert.deepEqual(growth.grow("<p>word and</p>", "on")?.insertion, [4, " on"]);
  assert.equal(growth.grow("<p>word</p>", "  "), null);
});

for (const text of [
  "*",
  "`",
  "[",
  "](",
  "<",
  "&",
  "\\",
  "\n",
  "!",
  "http:",
  "_",
  "~",
  "|",
  "#",
  '"',
]) {
  test(`${JSON.stringify(text)} may mean something, so it is no plain word`, () => {
    assert.equal(growthOf("A word", "<p>A word</p>", false)?.takes(`a${text}`), false);
  });
}

for (const [text, html] of [
  ["A *word*", "<p>A <em>word</em></p>"],
  ["A word ", "<p>A word</p>"],
  ["see https://example.org", "<p>see https://example.org</p>"],
  ["A held", "<p>A</p>"],
  ["", ""],
] as const) {
  test(`after ${JSON.stringify(text)} the block is read again`, () => {
    assert.equal(growthOf(text, html, false), null);
  });
}

test("in code a line grows by anything", () => {
  const growth = growthOf("```\nlet a", "<pre><code>let a</code></pre>", true);

  assert.equal(growth?.takes("\n"), false);
  assert.ok(growth?.takes(" <*b*> "));
  assert.equal(growth.grow("<pre>a</code></pre>", " < ")?.html, "<pre>a &lt; </code></pre>");
});
