import assert from "node:assert/strict";
import { test } from "node:test";
import { GrowingText } from "../../src/generator/growing-text.js";

test("what is new is taken once, and told with where it goes in bytes", () => {
  const text = new GrowingText("é");
  text.append("a");
  text.append("🦊");

  assert.deepEqual(text.take(), { from: 2, text: "a🦊" });
  assert.deepEqual(text.take(), { from: 7, text: "" });
  assert.equal(`${text}`, "éa🦊");
  assert.equal(text.length, 4);
});

test("what was put back is taken again from the start", () => {
  const text = new GrowingText("é");
  text.append("a");
  text.take();
  text.putBack();
  text.append("b");

  assert.deepEqual(text.take(), { from: 0, text: "éab" });
});
