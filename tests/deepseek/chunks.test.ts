import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Piece, readEvent } from "../../src/deepseek/chunks.js";

const says = (delta: unknown, more = {}) => JSON.stringify({ choices: [{ delta, ...more }] });
const content = (text: string): Piece => ({ type: "content", text });
const reasoning = (text: string): Piece => ({ type: "reasoning", text });

const CASES: [what: string, data: string, pieces: Piece[]][] = [
  ["the end", " [DONE] ", [{ type: "done" }]],
  ["DeepSeek's opening", says({ role: "assistant", content: null, reasoning_content: "" }), []],
  ["content", says({ content: "a" }), [content("a")]],
  [
    "content in parts",
    says({ content: [{ type: "text", text: "a" }, { text: "b" }, null] }),
    [content("ab")],
  ],
  ["both at once", says({ content: "b", reasoning_content: "a" }), [reasoning("a"), content("b")]],
  [
    "reasoning under both names",
    says({ reasoning: "a", reasoning_content: "a" }),
    [reasoning("a")],
  ],
  ["an empty finish reason", says({ content: "a" }, { finish_reason: "" }), [content("a")]],
  [
    "text with the finish",
    says({ content: "a" }, { finish_reason: "length" }),
    [content("a"), { type: "finish", reason: "length" }],
  ],
  ["no choices", "{}", []],
  ["null choices", '{"choices":null}', []],
  ["a null choice", '{"choices":[null]}', []],
  ["null usage", '{"usage":null}', []],
  ["null error", '{"error":null,"choices":[{"delta":{"content":"a"}}]}', [content("a")]],
  [
    "two events with one line break between",
    `${says({ content: "a" })}\n${says({ content: "b" })}`,
    [content("a"), content("b")],
  ],
  ["nothing", "  ", []],
  ["half of it", '{"choices":[', [{ type: "unreadable" }]],
  ["a number", "7", [{ type: "unreadable" }]],
];

for (const [what, data, pieces] of CASES) {
  test(`${what} is read`, () => assert.deepEqual(readEvent(data), pieces));
}

test("usage is counted in whole numbers that a database can hold", () => {
  const usage = {
    prompt_tokens: 1e15,
    prompt_cache_hit_tokens: 0,
    completion_tokens: 2.5,
    completion_tokens_details: { reasoning_tokens: -3 },
  };
  const counts = {
    promptTokens: 2 ** 31 - 1,
    cachedTokens: 0,
    completionTokens: 2,
    reasoningTokens: null,
  };

  assert.deepEqual(readEvent(JSON.stringify({ usage })), [{ type: "usage", usage: counts }]);
});

test("what the server did not count is not taken for zero", () => {
  const counts = {
    promptTokens: 5,
    cachedTokens: null,
    completionTokens: null,
    reasoningTokens: null,
  };

  assert.deepEqual(readEvent('{"usage":{"prompt_tokens":5,"completion_tokens":null}}'), [
    { type: "usage", usage: counts },
  ]);
});

test("no JSON makes the reader throw", () => {
  const key = fc.constantFrom(
    "choices",
    "delta",
    "message",
    "content",
    "usage",
    "error",
    "text",
    "x",
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 6 },
      fc.jsonValue({ maxDepth: 1 }),
      fc.array(tie("tree"), { maxLength: 2 }),
      fc.dictionary(key, tie("tree"), { maxKeys: 4 }),
    ),
  }));

  fc.assert(fc.property(tree, (value) => Array.isArray(readEvent(JSON.stringify(value)))));
});
