import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Node, pathThrough } from "../../../src/models/messages/tree.js";

// 1 ─ 2 ─ 3 ─ 4
//   │       └ 7
//   └ 5 ─ 6
const TREE: Node[] = [
  [1, null],
  [2, 1],
  [3, 2],
  [4, 3],
  [5, 1],
  [6, 5],
  [7, 3],
].map(([id, parentId]) => ({ id: Number(id), parentId: parentId ?? null }));

for (const [through, ids] of [
  [null, [1, 2, 3, 7]],
  [1, [1, 2, 3, 7]],
  [2, [1, 2, 3, 7]],
  [4, [1, 2, 3, 4]],
  [5, [1, 5, 6]],
  [6, [1, 5, 6]],
] as const) {
  test(`through ${through ?? "nothing"} the path is ${ids.join(" ")}`, () => {
    assert.deepEqual(
      pathThrough(TREE, through)?.map((step) => step.id),
      ids,
    );
  });
}

test("a step knows all that was given at its place", () => {
  assert.deepEqual(pathThrough(TREE, 4), [
    { id: 1, siblings: [1] },
    { id: 2, siblings: [2, 5] },
    { id: 3, siblings: [3] },
    { id: 4, siblings: [4, 7] },
  ]);
});

test("there is no path through a message of another tree, and an empty one where nothing is", () => {
  assert.equal(pathThrough(TREE, 8), null);
  assert.deepEqual(pathThrough([], null), []);
});

const trees = fc
  .array(fc.nat(), { minLength: 1, maxLength: 60 })
  .map((choices) =>
    choices.map((choice, index) => ({ id: index + 1, parentId: choice % (index + 1) || null })),
  );

test("a path leads from a root through the message to a leaf, and its siblings are complete", () => {
  fc.assert(
    fc.property(trees, fc.nat(), (nodes, choice) => {
      const through = (choice % nodes.length) + 1;
      const path = pathThrough(nodes, through) ?? [];
      const ids = path.map((step) => step.id);
      const parents: (number | null | undefined)[] = ids.map(
        (id) => nodes.find((node) => node.id === id)?.parentId,
      );

      assert.deepEqual(parents, [null, ...ids.slice(0, -1)]);
      assert.ok(ids.includes(through));
      assert.ok(!nodes.some((node) => node.parentId === ids.at(-1)));
      for (const [index, { siblings }] of path.entries()) {
        const given: Node[] = nodes.filter((node) => node.parentId === parents[index]);
        assert.deepEqual(
          siblings,
          given.map((node) => node.id),
        );
      }
    }),
  );
});
