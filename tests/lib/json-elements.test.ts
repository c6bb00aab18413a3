import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { jsonElements, UnreadableJson } from "../../src/lib/json-elements.js";

const LIMITS = { bytes: 1000, depth: 20 };

async function read(text: string | Buffer, { at = 7, limits = LIMITS } = {}): Promise<unknown[]> {
  const bytes = Buffer.from(text);
  const chunks = async function* () {
    for (let from = 0; from < bytes.length; from += at) yield bytes.subarray(from, from + at);
  };
  const elements: unknown[] = [];
  for await (const element of jsonElements(chunks(), limits)) elements.push(element);
  return elements;
}

const refusal = (reason: string) => (error: unknown) =>
  error instanceof UnreadableJson && error.reason === reason;

const CASES: [text: string, elements: unknown[]][] = [
  ["[]", []],
  [" [ ] ", []],
  ["[1,2 , 3]", [1, 2, 3]],
  ['[{"a":[1,{"b":"],}"}]},"x,y"]', [{ a: [1, { b: "],}" }] }, "x,y"]],
  ['["\\"],[","\\\\"]', ['"],[', "\\"]],
  ["\ufeff[1]", [1]],
  ['{"a":[1,2]}', [{ a: [1, 2] }]],
  ['"text"', ["text"]],
  ['["ü🚂"]', ["ü🚂"]],
];

for (const [text, elements] of CASES) {
  test(`${text} has ${elements.length} elements, wherever it is cut`, async () => {
    for (let at = 1; at <= Buffer.byteLength(text); at += 1) {
      assert.deepEqual(await read(text, { at }), elements);
    }
  });
}

test("any list is read as JSON.parse reads it", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue()),
      fc.integer({ min: 1, max: 50 }),
      async (list, at) => {
        const limits = { bytes: 1e6, depth: 1000 };
        const text = JSON.stringify(list);
        assert.deepEqual(await read(text, { at, limits }), JSON.parse(text));
      },
    ),
    { numRuns: 200 },
  );
});

test("what is no JSON is broken, and not read any further", async () => {
  for (const text of [
    "",
    "[",
    "]",
    "[1",
    '["',
    '{"a":',
    "[1]x",
    "[1][2]",
    "[1 2]",
    "{]",
    "nonsense",
    "[1,]]",
    "\0",
  ]) {
    await assert.rejects(read(text), refusal("broken"), text);
  }
});

test("one element too large, or one level too deep, is refused", async () => {
  const text = (length: number) => `["${"x".repeat(length - 2)}"]`;
  assert.equal((await read(text(1000))).length, 1);
  await assert.rejects(read(text(1001)), refusal("too_large"));
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  assert.equal((await read(nested(20))).length, 1);
  await assert.rejects(read(nested(21)), refusal("too_deep"));
  await assert.rejects(read("[".repeat(100_000), { at: 4096 }), refusal("too_deep"));
});
