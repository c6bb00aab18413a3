import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { root } from "../../../support/root.js";

// The browser's modules carry no types; a computed name keeps the compiler from asking for them.
const { charactersLeft, limitWords } = await import(
  pathToFileURL(path.join(root, "public/js/lib/counting.js")).href
);

test("near the limit a character is a code point", () => {
  assert.equal(charactersLeft("😀".repeat(8), 10), 2);
});

test("a surrogate half alone counts as one", () => {
  assert.equal(charactersLeft("\ud83d", 10), 9);
});

test("far from the limit the cheap count is enough, and never says too many", () => {
  assert.equal(charactersLeft("😀", 10_000), 9_998);
});

test("the limit is not mentioned before it is near", () => {
  const said = (name: string, value: number) => `${value} ${name}`;
  assert.equal(limitWords(1_000, said), "");
  assert.equal(limitWords(999, said), "999 left");
  assert.equal(limitWords(0, said), "0 left");
  assert.equal(limitWords(-1_234, said), "1234 too-many");
});
