import assert from "node:assert/strict";
import path from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { root } from "../../../support/root.js";

// The browser's modules carry no types; a computed name keeps the compiler from asking for them.
const { applyPatch, readPatches } = await import(
  pathToFileURL(path.join(root, "public/js/lib/splices.js")).href
);

describe("applyPatch", () => {
  const fitting = [
    ["the first block comes from nothing", [], 1, [[0, 0, 0, "<p>a</p>"]], ["<p>a</p>"]],
    ["a block grows before its end tag", ["<p>a</p>"], 1, [[0, 4, 4, "b"]], ["<p>ab</p>"]],
    ["a block shrinks", ["<p>a **b</p>"], 1, [[0, 5, 4, ""]], ["<p>a </p>"]],
    [
      "a block settles and two follow",
      ["<p>a</p>"],
      3,
      [
        [0, 4, 4, "!"],
        [1, 0, 0, "<hr>"],
        [2, 0, 0, "<p>b</p>"],
      ],
      ["<p>a!</p>", "<hr>", "<p>b</p>"],
    ],
    ["two paragraphs become one list", ["<p>a</p>", "<p>b</p>"], 1, [[0, 0, 0, "<ul>"]], ["<ul>"]],
    ["blocks go and nothing else changes", ["<hr>", "<hr>"], 1, [], ["<hr>"]],
    ["lengths count UTF-16 units, as JavaScript does", ["😀é"], 1, [[0, 2, 1, "-"]], ["😀-é"]],
  ] as const;

  for (const [name, blocks, length, splices, expected] of fitting) {
    test(name, () => assert.deepEqual(applyPatch(blocks, { length, splices }), expected));
  }

  const unfit = [
    ["keeps more than the block has", ["<p>"], { length: 1, splices: [[0, 2, 2, "x"]] }],
    ["keeps something of a block that is missing", [], { length: 1, splices: [[0, 1, 0, "x"]] }],
    ["changes a block beyond the length", ["<p>"], { length: 1, splices: [[1, 0, 0, "x"]] }],
    ["leaves the last block out", ["<p>"], { length: 2, splices: [] }],
    ["leaves a block in the middle out", [], { length: 2, splices: [[1, 0, 0, "x"]] }],
  ] as const;

  for (const [name, blocks, patch] of unfit) {
    test(`a patch is refused that ${name}`, () => {
      assert.throws(() => applyPatch(blocks, patch), RangeError);
    });
  }

  test("words are added to the last block, before its end tag", () => {
    const { answer } = readPatches([4, " words"]);
    assert.deepEqual(applyPatch(["<hr>", "<p>a</p>"], answer), ["<hr>", "<p>a words</p>"]);
    assert.deepEqual(Object.keys(readPatches([4, " words", 1])), ["reasoning"]);
    assert.throws(() => applyPatch([], answer), RangeError);
    assert.throws(() => applyPatch(["<p>"], answer), RangeError);
  });

  test("the old blocks stay as they were", () => {
    const blocks = Object.freeze(["<p>a</p>"]);
    applyPatch(blocks, { length: 1, splices: [[0, 4, 4, "b"]] });
    assert.deepEqual(blocks, ["<p>a</p>"]);
  });
});
