import assert from "node:assert/strict";
import { test } from "node:test";
import { tidyTitle } from "../../src/generator/title-text.js";

for (const [written, title] of [
  ["Why the sky is blue", "Why the sky is blue"],
  ['"Why the sky is blue."', "Why the sky is blue"],
  ["„Warum der Himmel blau ist“", "Warum der Himmel blau ist"],
  ["«Pourquoi le ciel est bleu»", "Pourquoi le ciel est bleu"],
  ["「空はなぜ青いのか」", "空はなぜ青いのか"],
  ["## Why **the sky** is `blue`", "Why the sky is blue"],
  ["- *Blue skies*", "Blue skies"],
  ["Title: Blue skies", "Blue skies"],
  ["**Title:** Blue skies", "Blue skies"],
  ["\n\n  Blue\tskies  \nI chose this because …", "Blue skies"],
  ["[Blue skies](https://example.org)", "Blue skies"],
  ["Why is the sky blue?", "Why is the sky blue?"],
  ["What it's like in C++ & <b>", "What it's like in C++ &…"],
  ["snake_case names", "snake_case names"],
  ["One two three four five six", "One two three four five six"],
  ["One two three four five six seven", "One two three four five six…"],
  ["a\u202eb\u0000c\u200b", "a b c"],
  ["x".repeat(100), `${"x".repeat(59)}…`],
  ["", null],
  ['""', null],
  ['***\n\n""', null],
  ["  \n \u200b ", null],
] as const) {
  test(`${JSON.stringify(written).slice(0, 50)} becomes ${JSON.stringify(title)}`, () => {
    assert.equal(tidyTitle(written), title);
  });
}

test("a megabyte of anything is tidied at once", () => {
  for (const piece of ["*", '"', "_a", " ", "[", "\u200b", "title:", "1) "]) {
    const before = performance.now();
    tidyTitle(piece.repeat(1000));
    assert.ok(performance.now() - before < 1000, piece);
  }
});
