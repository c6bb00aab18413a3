import assert from "node:assert/strict";
import { test } from "node:test";
import { holdBack } from "../../src/rendering/tail.js";

for (const line of [
  "#",
  "##",
  "-",
  "- ",
  "*",
  "**",
  "1",
  "12.",
  ">",
  "```",
  "```py",
  "~~~ js",
  "---",
  "==",
  "| a",
  "| a | b |",
  "- ```js",
  "> | a",
]) {
  test(`"${line}" waits for what follows`, () => {
    assert.equal(holdBack(`text\n${line}`, "text"), "text\n");
  });
}

for (const line of ["# a", "- a", "1. a", "12 a", "**a", "a", "```a``` b", "a | b", "(1)"]) {
  test(`"${line}" is shown at once`, () => {
    assert.equal(holdBack(`text\n${line}`, "text"), `text\n${line}`);
  });
}

test("the head of a table waits for its second line", () => {
  assert.equal(holdBack("text\n| a |\n", "text"), "text\n");
  assert.equal(holdBack("text\n| a |\n|-", "text"), "text\n");
  assert.equal(holdBack("text\n| a |\nb", "text"), "text\n| a |\nb");
});

test("a row waits for its end, the rows above it do not", () => {
  assert.equal(holdBack("| a |\n|---|\n| b", "table"), "| a |\n|---|\n");
  assert.equal(holdBack("| a |\n|---|\n| b |\n", "table"), "| a |\n|---|\n| b |\n");
});

test("in code only what could be its end waits", () => {
  assert.equal(holdBack("```\na\n``", "code"), "```\na\n");
  assert.equal(holdBack("```\na\n| b", "code"), "```\na\n| b");
  assert.equal(holdBack("```\n| a |\n", "code"), "```\n| a |\n");
});

test("a line of more than 1,000 characters does not wait", () => {
  const line = `| ${"a".repeat(1000)}`;

  assert.equal(holdBack(line, "text"), line);
});
