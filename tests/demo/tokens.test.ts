import assert from "node:assert/strict";
import { test } from "node:test";
import { tokensOf } from "../../src/demo/tokens.js";

test("tokens, joined, are the text again", () => {
  for (const text of [
    "",
    "Hello, world!",
    "a\n\n b\t1234567",
    "天空 é e\u0301 👩‍👩‍👧",
    "\ud83d",
    "𠮷野家",
  ]) {
    assert.equal(tokensOf(text).join(""), text);
  }
});

test("tokens are about as long as a real model's", () => {
  assert.equal(tokensOf("The quick brown fox jumps.").length, 6);
  assert.equal(tokensOf("天空").length, 2);
  assert.equal(tokensOf("......").length, 2);
  assert.equal(tokensOf("123456").length, 2);
});

test("a megabyte is cut quickly", () => {
  const started = performance.now();
  tokensOf("word 12 天, ".repeat(100_000));
  assert.ok(performance.now() - started < 2000);
});
