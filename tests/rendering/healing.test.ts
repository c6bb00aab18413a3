import assert from "node:assert/strict";
import { test } from "node:test";
import { heal } from "../../src/rendering/healing.js";

const HELD_BACK = [
  ["see [the", "see"],
  ["see [the]", "see"],
  ["see [the](", "see"],
  ["see [the](https://a.b/c", "see"],
  ["see [the](https://a.b/c_(d", "see"],
  ['see [the](https://a.b "ti tle', "see"],
  ["see [the](<https://a b", "see"],
  ["see [the][re", "see"],
  ["see ![a picture](https://a.b", "see"],
  ["see [`code` and", "see"],
  ["see [`co", "see"],
  ["see **[the", "see"],
  ["see !", "see "],
  ["see <https://a.b", "see"],
  ["see <", "see"],
  ["AT&am", "AT"],
  ["AT&#x3", "AT"],
  ["a *", "a "],
  ["**a*", "**a"],
  ["a ~", "a "],
  ["a \\", "a "],
  ["a $", "a"],
  ["a $x + [b](", "a"],
  ["a \\(x", "a"],
  ["a \\[ x", "a"],
  ["see [$x", "see"],
  ["a `", "a"],
  ["a ``", "a"],
  ["[a]: https://a.b", ""],
  ["[a]:", ""],
] as const;

for (const [text, shown] of HELD_BACK) {
  test(`${text} is held back for now`, () => {
    assert.equal(heal(text, true), shown);
  });
}

const KEPT = [
  "a [b](https://c.d) e",
  "a [b] c",
  "a [b](see the note",
  "a < b",
  "a $5 b",
  "a $x$ b",
  "a $x [y]$ b",
  "a & b",
  "a &amp; b",
  "a\\\\",
  "a `b` c",
  "a ``b`c`` d",
  "\\` x",
  "a ] b",
  "[note]: this is text",
];

for (const text of KEPT) {
  test(`${text} is shown as it is`, () => {
    assert.equal(heal(text, true), text);
  });
}

const CLOSED = [
  ["a `b", "a `b`"],
  ["a ``b`", "a ``b``"],
  ["a `b [c", "a `b [c`"],
  ["a `b` `c", "a `b` `c`"],
] as const;

for (const [text, shown] of CLOSED) {
  test(`the code in ${text} is closed`, () => {
    assert.equal(heal(text, true), shown);
  });
}

test("a label that never ends is shown after 300 characters", () => {
  const text = `[${"a ".repeat(200)}`;

  assert.equal(heal(text, true), text);
});

test("an address that never ends is shown after 2,000 characters", () => {
  const text = `[a](https://b.example/${"c".repeat(2500)}`;

  assert.equal(heal(text, true), text);
});

test("what a line break follows is no loose end any more", () => {
  assert.equal(heal("Hello!", false), "Hello!");
  assert.equal(heal("[a]", false), "[a]");
  assert.equal(heal("a **", false), "a **");
  assert.equal(heal("a\\", false), "a");
});
