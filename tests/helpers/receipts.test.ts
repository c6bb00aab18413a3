import assert from "node:assert/strict";
import { test } from "node:test";
import { type Priced, receiptOf } from "../../src/helpers/receipts.js";

const ROW: Priced = {
  model: "deepseek-flash",
  firstTokenMs: 1000,
  tookMs: 3000,
  promptTokens: 120,
  cachedTokens: 64,
  completionTokens: 40,
  reasoningTokens: 10,
  cost: {
    currency: "USD",
    amount: 32_592_000n,
    validFrom: new Date("2026-11-15T00:00Z"),
    isPeak: false,
  },
  miss: null,
  isCopy: 0,
  askedThinking: null,
  askedTemperature: null,
  askedTopP: null,
  askedMaxTokens: null,
  presetName: null,
};

test("a receipt says what was read, thought and written, and how fast", () => {
  const receipt = receiptOf(ROW);
  assert.deepEqual(receipt?.tokens, [
    { label: "Tokens read from the cache", tokens: 64 },
    { label: "Tokens read anew", tokens: 56 },
    { label: "Tokens thought", tokens: 10 },
    { label: "Tokens written", tokens: 30 },
  ]);
  assert.deepEqual(receipt?.times.at(-1), { label: "Speed", text: "20 tokens a second" });
});

test("whom and how it was asked stands in it only where somebody chose", () => {
  assert.deepEqual(receiptOf(ROW)?.asked, []);
  const chosen = { askedThinking: "off", askedTemperature: 0, askedMaxTokens: 5000 };
  assert.deepEqual(receiptOf({ ...ROW, ...chosen, presetName: "Tutor" }, "House")?.asked, [
    { label: "Provider", text: "House" },
    { label: "Preset", text: "Tutor" },
    { label: "Thinking", text: "Off" },
    { label: "Temperature", text: "0" },
    { label: "Longest answer", text: "5,000 tokens" },
  ]);
});

test("the cost is called an estimate, with the prices it is made by", () => {
  const receipt = receiptOf(ROW);
  assert.equal(receipt?.cost, "$0.000033");
  assert.deepEqual(receipt?.notes, [
    "The cost is an estimate, by the prices from 15 Nov 2026 on, off peak.",
  ]);
});

test("without a price there is no money, and no word of it", () => {
  const receipt = receiptOf({ ...ROW, cost: null });
  assert.equal(receipt?.cost, null);
  assert.deepEqual(receipt?.notes, []);
});

test("a server that tells no cache and no thoughts leaves those lines out", () => {
  const receipt = receiptOf({ ...ROW, cachedTokens: null, reasoningTokens: null });
  assert.deepEqual(
    receipt?.tokens.map(({ label }) => label),
    ["Tokens read", "Tokens written"],
  );
});

test("a miss and a copy are explained", () => {
  const { notes = [] } = receiptOf({ ...ROW, cost: null, miss: "model", isCopy: 1 }) ?? {};
  assert.match(notes[0] ?? "", /another model/);
  assert.match(notes[1] ?? "", /copy/);
});

test("without counts there is no receipt", () => {
  assert.equal(receiptOf({ ...ROW, promptTokens: null }), null);
});
