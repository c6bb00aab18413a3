import assert from "node:assert/strict";
import { test } from "node:test";
import { digest, isSame, randomToken, signature } from "../../src/lib/tokens.js";

test("a token has 128 bits unless more are asked for, and no two are alike", () => {
  const tokens = new Set(Array.from({ length: 1000 }, () => randomToken()));
  assert.equal(tokens.size, 1000);
  assert.ok([...tokens].every((token) => /^[\w-]{22}$/.test(token)));
  assert.equal(randomToken(32).length, 43);
});

test("parts that read alike when joined are digested apart", () => {
  assert.notEqual(digest("ab", "c"), digest("a", "bc"));
  assert.notEqual(digest("a", ""), digest("a"));
  assert.equal(digest("a", "b"), digest("a", "b"));
});

test("a signature depends on its secret and on every part", () => {
  const signatures = [
    signature("one", "author", "ada"),
    signature("two", "author", "ada"),
    signature("one", "author", "bob"),
    signature("one", "authorada"),
  ];
  assert.equal(new Set(signatures).size, 4);
});

test("strings of any length can be compared", () => {
  assert.ok(isSame("secret", "secret"));
  assert.ok(!isSame("secret", "secre"));
  assert.ok(!isSame("", "secret"));
});
