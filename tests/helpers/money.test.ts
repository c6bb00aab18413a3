import assert from "node:assert/strict";
import { test } from "node:test";
import { exactAmount, money, rateText, sums } from "../../src/helpers/money.js";

for (const [amount, told] of [
  [0n, "$0"],
  [1n, "less than $0.000001"],
  [499_999n, "less than $0.000001"],
  [500_000n, "$0.000001"],
  [32_592_000n, "$0.000033"],
  [312_000_000n, "$0.00031"],
  [9_960_000_000n, "$0.0100"],
  [123_000_000_000n, "$0.12"],
  [999_999_999_999n, "$1.00"],
  [1_005_000_000_000n, "$1.01"],
  [12_345_678_000_000_000n, "$12,345.68"],
] as const) {
  test(`${amount} are told as ${told}`, () => {
    assert.equal(money({ currency: "USD", amount }), told);
  });
}

test("a currency without a sign of its own is named", () => {
  assert.equal(money({ currency: "CHF", amount: 10n ** 12n }), "CHF 1.00");
  assert.equal(money({ currency: "CNY", amount: 10n ** 12n }), "¥1.00");
});

test("several currencies are not added", () => {
  const amounts = ["USD", "CNY"].map((currency) => ({ currency, amount: 10n ** 12n }));
  assert.equal(sums(amounts), "$1.00 + ¥1.00");
});

test("for a machine an amount has all of its digits", () => {
  assert.equal(exactAmount(32_592_000n), "0.000032592");
  assert.equal(exactAmount(12_000_000_000_000n), "12");
  assert.equal(exactAmount(0n), "0");
});

test("a rate is written as it was typed", () => {
  assert.equal(rateText(3000), "0.003");
  assert.equal(rateText(1_980_000), "1.98");
});
