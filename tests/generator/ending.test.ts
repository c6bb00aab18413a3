import assert from "node:assert/strict";
import { test } from "node:test";
import { UpstreamError } from "../../src/deepseek/errors.js";
import {
  askedWith,
  endingOf,
  failed,
  finished,
  Halt,
  NOTHING_WRITTEN,
} from "../../src/generator/ending.js";

const USAGE = { promptTokens: 10, cachedTokens: 4, completionTokens: 20, reasoningTokens: 5 };
const HTML = {
  html: "<p><strong>text</strong></p>",
  reasoningHtml: "",
  systemDigest: null,
  oldestDigest: null,
  ...askedWith(null),
};
const WRITTEN = { ...NOTHING_WRITTEN, ...HTML, body: "**text**", tookMs: 1000 };

for (const [reason, state] of [
  ["stop", "complete"],
  ["length", "complete"],
  ["content_filter", "complete"],
  ["insufficient_system_resource", "interrupted"],
] as const) {
  test(`an answer that finished with ${reason} is ${state}`, () => {
    assert.equal(finished(reason, null).state, state);
  });
}

for (const [what, error, hasText, state, failure] of [
  ["stopped by its reader", new Halt("stopped"), true, "stopped", null],
  ["ended by a restart", new Halt("restart"), false, "interrupted", "restart"],
  ["cut by the upstream after some text", stalled(), true, "interrupted", "stalled"],
  ["refused by the upstream", stalled(), false, "failed", "stalled"],
  ["ended by a mistake of ours", new TypeError("x"), false, "failed", "internal"],
] as const) {
  test(`an answer ${what} is ${state}`, () => {
    const outcome = failed(error, hasText);
    assert.deepEqual([outcome.state, outcome.failure], [state, failure]);
  });
}

test("the row of an ended answer has its text as HTML, and what it cost", () => {
  const ending = endingOf(finished("stop", USAGE), NOTHING_WRITTEN, WRITTEN);
  assert.equal(ending.html, "<p><strong>text</strong></p>");
  assert.deepEqual([ending.promptTokens, ending.tookMs], [10, 1000]);
});

test("a continued answer has cost what both runs have cost", () => {
  const earlier = { ...WRITTEN, ...USAGE };
  const ending = endingOf(finished("stop", USAGE), earlier, WRITTEN);
  assert.deepEqual([ending.promptTokens, ending.completionTokens, ending.tookMs], [20, 40, 2000]);
});

test("what the last request alone has cost is told beside", () => {
  const earlier = { ...WRITTEN, ...USAGE };
  assert.deepEqual(endingOf(finished("stop", USAGE), earlier, WRITTEN).spent, USAGE);
});

test("where nobody counted, nothing is claimed", () => {
  const ending = endingOf(finished("stop", null), NOTHING_WRITTEN, WRITTEN);
  assert.equal(ending.promptTokens, null);
});

function stalled() {
  return new UpstreamError("stalled", "", { phase: "body" });
}
