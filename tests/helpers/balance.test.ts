import assert from "node:assert/strict";
import { test } from "node:test";
import { balanceLine } from "../../src/helpers/balance.js";

const dollars = (amount: number) => [{ currency: "USD", amount: BigInt(amount) * 10n ** 12n }];

for (const [total, spent, line] of [
  ["110.00", [], "$110.00"],
  ["110", dollars(0), "$110.00"],
  ["110.00", dollars(7), "$110.00: about 110 days at the pace of the last 7 days"],
  ["1.00", dollars(7), "$1.00: about 1 day at the pace of the last 7 days"],
  ["0.99", dollars(7), "$0.99: less than a day at the pace of the last 7 days"],
  ["5000.00", dollars(7), "$5,000.00: more than 1,000 days at the pace of the last 7 days"],
  ["0.00", dollars(7), "$0"],
  ["-2.50", dollars(7), "−$2.50"],
  ["10.00", [{ currency: "CNY", amount: 7n * 10n ** 12n }], "$10.00"],
] as const) {
  test(`${total} with ${spent[0]?.amount ?? "nothing"} spent is ${line}`, () => {
    assert.equal(balanceLine({ currency: "USD", total }, spent), line);
  });
}
