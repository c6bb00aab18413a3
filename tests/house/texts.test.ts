import assert from "node:assert/strict";
import { test } from "node:test";
import { CATALOGUE, catalogue, twofold, unnamed } from "./messages.js";
import { read } from "./sources.js";

const texts = catalogue();

test("each call of t, plural and rich names its text, as a string in the call", () => {
  assert.deepEqual(unnamed, []);
});

test("no text is used both with and without a count, or with two singulars", () => {
  assert.deepEqual(twofold, []);
});

test("the catalogue holds the texts of the sources", () => {
  assert.ok(read(CATALOGUE) === texts, `${CATALOGUE} is not up to date: npm run texts`);
});
