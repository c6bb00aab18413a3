import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Split, ThinkTags } from "../../src/deepseek/think-tags.js";

const CASES: [content: string, reasoning: string, rest: string][] = [
  ["Hello", "", "Hello"],
  ["<think>Hm.</think>\n\nHello", "Hm.", "Hello"],
  ["\n <think>\nHm.\n</think>Hello", "\nHm.\n", "Hello"],
  ["<think></think>Hello", "", "Hello"],
  ["<think>no end", "no end", ""],
  ["<think>a </thin b</think>c", "a </thin b", "c"],
  ["The tag <think> is text</think>", "", "The tag <think> is text</think>"],
  ["<thinking> is text", "", "<thinking> is text"],
  ["<think>a</think><think>b</think>", "a", "<think>b</think>"],
  ["<thi", "", "<thi"],
  ["  indented", "", "  indented"],
];

for (const [content, reasoning, rest] of CASES) {
  test(`${JSON.stringify(content)} is thought ${JSON.stringify(reasoning)}`, () => {
    assert.deepEqual(splitUp([content]), [reasoning, rest]);
    assert.deepEqual(splitUp([...content]), [reasoning, rest]);
  });
}

test("blanks without end are not held back: they are content, and so is a tag after them", () => {
  const blanks = " ".repeat(5000);
  const tags = new ThinkTags();
  const heldBack = [...blanks].findIndex((blank) => tags.feed(blank).length > 0);

  assert.equal(heldBack, 4096);
  assert.deepEqual(splitUp([...blanks, "<think>a</think>"]), ["", `${blanks}<think>a</think>`]);
  assert.deepEqual(splitUp([`${blanks}<think>a</think>`]), ["", `${blanks}<think>a</think>`]);
  assert.deepEqual(splitUp([`${" ".repeat(4096)}<think>a</think>b`]), ["a", "b"]);
});

test("where the text is cut makes no difference", () => {
  const piece = fc.constantFrom("<think>", "</think>", "<", "</th", "ink>", " ", "\n", "a", "😀");
  const pieces = fc.array(piece, { maxLength: 12 });

  fc.assert(
    fc.property(pieces, (parts) => assert.deepEqual(splitUp(parts), splitUp([parts.join("")]))),
  );
});

function splitUp(parts: string[]): [reasoning: string, content: string] {
  const tags = new ThinkTags();
  const splits = [...parts.flatMap((part) => tags.feed(part)), ...tags.end()];
  const joined = (type: Split["type"]) =>
    splits.map((split) => (split.type === type ? split.text : "")).join("");
  return [joined("reasoning"), joined("content")];
}
