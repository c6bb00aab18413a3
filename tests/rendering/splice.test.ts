import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { difference } from "../../src/rendering/splice.js";
import { applyPatch } from "../support/apply-patch.js";

test("what is the same needs no patch", () => {
  assert.equal(difference([], []), null);
  assert.equal(difference(["<p>a</p>"], ["<p>a</p>"]), null);
});

test("only what differs is sent", () => {
  assert.deepEqual(difference(["<p>a</p>", "<p>b</p>"], ["<p>a</p>", "<p>b c</p>"]), {
    length: 2,
    splices: [[1, 4, 4, " c"]],
    insertion: [4, " c"],
  });
});

test("a new block is sent whole", () => {
  assert.deepEqual(difference(["a"], ["a", "b"]), { length: 2, splices: [[1, 0, 0, "b"]] });
});

test("blocks that are gone are cut off", () => {
  assert.deepEqual(difference(["a", "b"], ["a"]), { length: 1, splices: [] });
});

test("a repetition is not counted from both ends", () => {
  assert.deepEqual(applyPatch(["aa"], difference(["aa"], ["aaa"])), ["aaa"]);
  assert.deepEqual(applyPatch(["aaa"], difference(["aaa"], ["aa"])), ["aa"]);
});

test("a patch never holds half a character", () => {
  for (const [old, html] of [
    ["😀", "😁"],
    ["\u{1F600}", "\u{2F600}"],
    ["a😀b", "a😁b"],
  ] as const) {
    const patch = difference([old], [html]);
    assert.doesNotMatch(patch?.splices[0]?.[3] ?? "", /\p{Surrogate}/u);
    assert.deepEqual(applyPatch([old], patch), [html]);
  }
});

test("any blocks become any others", () => {
  const blocks = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "<", "😀", "😁", "é") }));

  fc.assert(
    fc.property(blocks, blocks, (before, after) => {
      const patch = difference(before, after);
      assert.deepEqual(applyPatch(before, patch), after);
      assert.deepEqual(applyPatch(before, patch && { ...patch, insertion: undefined }), after);
    }),
  );
});
