import assert from "node:assert/strict";
import { test } from "node:test";
import { type Asking, missOf } from "../../../src/models/messages/prefix.js";

const BEFORE: Asking = {
  askedAt: 1_790_000_000,
  providerId: null,
  model: "deepseek-flash",
  promptTokens: 2000,
  cachedTokens: 1800,
  systemDigest: "s",
  oldestDigest: "o",
};
const MISSED: Asking = {
  ...BEFORE,
  askedAt: BEFORE.askedAt + 60,
  promptTokens: 2400,
  cachedTokens: 0,
};

for (const [what, answer, miss] of [
  ["all of it came from the cache", { ...MISSED, cachedTokens: 2000 }, null],
  ["half of it came from the cache", { ...MISSED, cachedTokens: 1000 }, null],
  ["nobody told what came from the cache", { ...MISSED, cachedTokens: null }, null],
  ["another model had answered", { ...MISSED, model: "deepseek-v4-pro" }, "model"],
  ["another provider had answered", { ...MISSED, providerId: "p" }, "model"],
  ["the system prompt is another", { ...MISSED, systemDigest: "t" }, "instructions"],
  ["there was no system prompt before", { ...MISSED, systemDigest: null }, "instructions"],
  ["the oldest message is another", { ...MISSED, oldestDigest: "p" }, "left_out"],
  ["hours have passed", { ...MISSED, askedAt: BEFORE.askedAt + 7200 }, "aged"],
  ["nothing of ours has changed", { ...MISSED, cachedTokens: 999 }, "unknown"],
] as const) {
  test(`where ${what}, the miss is ${miss}`, () => assert.equal(missOf(answer, BEFORE), miss));
}

test("the first answer, and what follows a short one, can miss nothing", () => {
  assert.equal(missOf(MISSED, null), null);
  assert.equal(missOf(MISSED, { ...BEFORE, promptTokens: 255 }), null);
  assert.equal(missOf(MISSED, { ...BEFORE, promptTokens: null }), null);
});
