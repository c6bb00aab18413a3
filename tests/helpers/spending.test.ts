import assert from "node:assert/strict";
import { test } from "node:test";
import {
  gapsIn,
  measureOf,
  ranked,
  spending,
  spentLine,
  type Totals,
} from "../../src/helpers/spending.js";

const DOLLAR = 10n ** 12n;
const TOTALS: Totals = {
  requests: 3,
  untold: 0,
  promptTokens: 1000,
  cachedTokens: 900,
  completionTokens: 200,
  reasoningTokens: null,
  money: [{ currency: "USD", amount: DOLLAR }],
  unpriced: 0,
};

for (const [what, totals, line] of [
  ["a cache and a price", TOTALS, "90 % from the cache · ≈ $1.00"],
  ["no price", { ...TOTALS, money: [] }, "90 % from the cache · 1,200 tokens"],
  ["no cache", { ...TOTALS, cachedTokens: null }, "≈ $1.00"],
  ["nothing", { ...TOTALS, promptTokens: 0, completionTokens: 0 }, null],
] as const) {
  test(`with ${what} the line is ${line}`, () =>
    assert.equal(spentLine({ ...totals, money: [...totals.money] }), line));
}

test("what cannot be in the sums is said", () => {
  assert.deepEqual(gapsIn(TOTALS), []);
  assert.match(gapsIn({ ...TOTALS, untold: 2 })[0] ?? "", /^2 requests are missing in these sums/);
  assert.match(gapsIn({ ...TOTALS, unpriced: 5 })[0] ?? "", /^Of 5 tokens no price is known/);
  assert.match(gapsIn({ ...TOTALS, money: [], unpriced: 5 })[0] ?? "", /^Of these tokens/);
});

test("groups come with the dearest first, and what has no price by its tokens behind", () => {
  const groups = new Map([
    ["few", { ...TOTALS, money: [], promptTokens: 1 }],
    ["many", { ...TOTALS, money: [] }],
    ["cheap", TOTALS],
    ["dear", { ...TOTALS, money: [{ currency: "USD", amount: 2n * DOLLAR }] }],
  ]);
  const rows = ranked(groups, measureOf(TOTALS));
  assert.deepEqual(
    rows.map(({ key, bar }) => [key, bar]),
    [
      ["dear", 100],
      ["cheap", 50],
      ["many", 0],
      ["few", 0],
    ],
  );
});

test("two currencies are measured by tokens, which can be compared", () => {
  const both = { ...TOTALS, money: [...TOTALS.money, { currency: "CNY", amount: DOLLAR }] };
  assert.equal(measureOf(both).name, "Tokens");
  assert.equal(spending(both).cost, "≈ $1.00 + ¥1.00");
});
