import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { costOf, type Rates, sum } from "../../../src/models/prices/money.js";

const RATES: Rates = {
  currency: "USD",
  cachedRate: 3000,
  promptRate: 150_000,
  completionRate: 600_000,
  peakCachedRate: 6000,
  peakPromptRate: 300_000,
  peakCompletionRate: 1_200_000,
  isPeak: 0,
};
const NO_PRICE: Rates = {
  ...{ currency: null, cachedRate: null, promptRate: null, completionRate: null },
  ...{ peakCachedRate: null, peakPromptRate: null, peakCompletionRate: null, isPeak: null },
};

test("cached tokens, others and what was written have prices of their own", () => {
  const tokens = { promptTokens: 120, cachedTokens: 64, completionTokens: 40 };
  // 64 × 0.003 + 56 × 0.15 + 40 × 0.60 millionths of a dollar
  assert.deepEqual(costOf(tokens, RATES), { currency: "USD", amount: 32_592_000n });
});

test("at peak time DeepSeek costs twice as much", () => {
  const tokens = { promptTokens: 120, cachedTokens: 64, completionTokens: 40 };
  assert.equal(costOf(tokens, { ...RATES, isPeak: 1 })?.amount, 65_184_000n);
});

test("a million of each cost what the table says, to the last digit", () => {
  const tokens = { promptTokens: 2e6, cachedTokens: 1e6, completionTokens: 1e6 };
  assert.equal(costOf(tokens, RATES)?.amount, 753_000_000_000n);
});

test("what no price or no count is known of costs nothing that could be said", () => {
  const tokens = { promptTokens: 1, cachedTokens: 0, completionTokens: 1 };
  assert.equal(costOf(tokens, NO_PRICE), null);
  assert.equal(costOf({ ...tokens, promptTokens: null }, RATES), null);
});

test("where the server tells no cache, everything counts as read anew", () => {
  const tokens = { promptTokens: 10, cachedTokens: null, completionTokens: null };
  assert.equal(costOf(tokens, RATES)?.amount, 1_500_000n);
});

test("more from the cache than was sent is not believed", () => {
  const tokens = { promptTokens: 10, cachedTokens: 99, completionTokens: 0 };
  assert.equal(costOf(tokens, RATES)?.amount, 30_000n);
});

test("the cost of a sum is the sum of the costs", () => {
  const tokens = fc.record({
    promptTokens: fc.nat(2 ** 31),
    cachedTokens: fc.constant(0),
    completionTokens: fc.nat(2 ** 31),
  });
  fc.assert(
    fc.property(fc.array(tokens, { minLength: 1, maxLength: 20 }), (requests) => {
      const together = requests.reduce((a, b) => ({
        promptTokens: a.promptTokens + b.promptTokens,
        cachedTokens: 0,
        completionTokens: a.completionTokens + b.completionTokens,
      }));
      const [summed] = sum(requests.flatMap((request) => costOf(request, RATES) ?? []));
      assert.equal(summed?.amount, costOf(together, RATES)?.amount);
    }),
  );
});

test("what was paid in two currencies stays two sums", () => {
  const paid = [
    { currency: "USD", amount: 1n },
    { currency: "CNY", amount: 5n },
    { currency: "USD", amount: 2n },
  ];
  assert.deepEqual(sum(paid), [
    { currency: "CNY", amount: 5n },
    { currency: "USD", amount: 3n },
  ]);
});
