import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { characters, counted, firstWords, isLoopback, withLineFeeds } from "../../src/lib/text.js";

for (const [text, title] of [
  ["Hello", "Hello"],
  ["  one\n\ttwo  ", "one two"],
  ["the quick brown fox jumps", "the quick brown…"],
  ["abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrs…"],
  [`${"\n".repeat(500)}after many empty lines`, "after many empty…"],
  ["🦊".repeat(30), `${"🦊".repeat(19)}…`],
] as const) {
  test(`the first words of ${JSON.stringify(text.slice(0, 30))} are ${title}`, () => {
    assert.equal(firstWords(text, 20), title);
  });
}

test("first words fit on one line, are not empty and split no character", () => {
  const texts = fc.string({ unit: "binary", maxLength: 300 }).filter((text) => text.trim() !== "");
  fc.assert(
    fc.property(texts, fc.integer({ min: 2, max: 80 }), (text, most) => {
      const words = firstWords(text, most);
      assert.ok(characters(words) <= most && words !== "");
      assert.doesNotMatch(
        words,
        /\n|(?<![\ud800-\udbff])[\udc00-\udfff]|[\ud800-\udbff](?![\udc00-\udfff])/,
      );
    }),
  );
});

test("characters are code points", () => {
  assert.equal(characters("a🦊é"), 3);
});

test("every kind of line break becomes LF", () => {
  assert.equal(withLineFeeds("a\r\nb\rc\n\r\n"), "a\nb\nc\n\n");
});

test("one is singular, all else is plural", () => {
  assert.deepEqual(
    [0, 1, 2].map((count) => counted(count, "answer")),
    ["0 answers", "1 answer", "2 answers"],
  );
});

test("this machine alone is localhost and what begins with 127 as an address, not as a name", () => {
  for (const host of ["localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]", "::ffff:127.0.0.1"])
    assert.ok(isLoopback(host), host);
  for (const host of [
    "127.evil.example",
    "0.0.0.0",
    "::",
    "10.0.0.1",
    "localhost.evil.example",
    "",
  ])
    assert.ok(!isLoopback(host), host);
});
