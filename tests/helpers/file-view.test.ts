import assert from "node:assert/strict";
import { test } from "node:test";
import { fileView } from "../../src/helpers/file-view.js";

const row = { id: "f", name: "a.txt", bytes: 12_400, kind: "text", pages: null, words: 1240 };

for (const [what, file, about] of [
  ["a text", row, "13 KB · 1,240 words"],
  ["one word", { ...row, bytes: 3, words: 1 }, "1 KB · 1 word"],
  ["pages", { ...row, pages: 3 }, "13 KB · 3 pages, 1,240 words"],
  ["a picture", { ...row, kind: "png", words: 0 }, "13 KB"],
  ["pictures of a page", { ...row, pages: 1, words: 0 }, "13 KB · 1 page, no text could be read"],
] as const) {
  test(`a file of ${what} says so`, () => {
    assert.equal(fileView(file).about, about);
  });
}
