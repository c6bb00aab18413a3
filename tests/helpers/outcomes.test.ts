import assert from "node:assert/strict";
import { test } from "node:test";
import type { FailureKind } from "../../src/deepseek/errors.js";
import { actionsOf, failureSentence, outcomeOf } from "../../src/helpers/outcomes.js";

const ended = { state: "complete", failure: null, finishReason: "stop", bytes: 4 };
const CONTINUE = { copy: true, continue: true, regenerate: true, retry: false };
const REGENERATE = { copy: true, continue: false, regenerate: true, retry: false };
const RETRY = { copy: false, continue: false, regenerate: false, retry: true };
const NOTHING = { copy: true, continue: false, regenerate: false, retry: false };

for (const [what, row, kind, actions] of [
  ["a complete answer", ended, undefined, REGENERATE],
  ["an answer that reached its length", { ...ended, finishReason: "length" }, "notice", CONTINUE],
  ["a filtered answer", { ...ended, finishReason: "content_filter" }, "notice", REGENERATE],
  ["a stopped answer", { ...ended, state: "stopped" }, "notice", CONTINUE],
  [
    "an answer stopped before its first word",
    { ...ended, state: "stopped", bytes: 0 },
    "notice",
    RETRY,
  ],
  [
    "an interrupted answer",
    { ...ended, state: "interrupted", failure: "cut_off" },
    "warning",
    CONTINUE,
  ],
  ["a failed answer", { ...ended, state: "failed", failure: "busy", bytes: 0 }, "danger", RETRY],
  ["a running answer", { ...ended, state: "running" }, undefined, NOTHING],
  ["a question", { ...ended, state: null, finishReason: null }, undefined, NOTHING],
] as const) {
  test(`${what} has its word and its button`, () => {
    assert.equal(outcomeOf(row)?.kind, kind);
    assert.deepEqual(actionsOf(row), actions);
  });
}

const KINDS: Record<FailureKind, true> = {
  down: true,
  unreachable: true,
  insecure: true,
  unauthorized: true,
  no_credit: true,
  refused: true,
  too_long: true,
  unknown_model: true,
  busy: true,
  overloaded: true,
  upstream_error: true,
  no_answer: true,
  stalled: true,
  took_too_long: true,
  cut_off: true,
  too_large: true,
  protocol: true,
  empty_answer: true,
};

test("every failure has a sentence of its own", () => {
  const failures = [...Object.keys(KINDS), "restart", "gone", "internal"];
  const sentences = new Set(failures.map(failureSentence));
  assert.equal(sentences.size, failures.length);
});

test("a failure that nobody knows is ours", () => {
  assert.equal(failureSentence("from a newer version"), failureSentence("internal"));
  assert.equal(failureSentence(null), failureSentence("internal"));
});
