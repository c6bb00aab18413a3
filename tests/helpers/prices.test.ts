import assert from "node:assert/strict";
import { test } from "node:test";
import { priceForm } from "../../src/forms/price.js";
import { type PriceRow, priceLine, priceValues } from "../../src/helpers/prices.js";

const PRICE: PriceRow = {
  id: 1,
  model: "deepseek-flash",
  validFrom: new Date("2026-11-15T16:30Z"),
  currency: "USD",
  ...{ cachedRate: 3000, promptRate: 150_000, completionRate: 600_000 },
  peak: {
    ...{ cachedRate: 6000, promptRate: 300_000, completionRate: 1_200_000 },
    ...{ days: [1, 2, 3, 4, 5], windows: [{ from: 66, until: 96 }] },
  },
  quietDays: ["2027-01-01"],
  note: "Copied",
};

test("what stands in the form is read as the price that it was made of", () => {
  const { id: _, ...draft } = PRICE;
  const form = priceForm({ ...priceValues(PRICE), peakDays: PRICE.peak?.days.map(String) });
  assert.deepEqual(form, { ok: true, value: { ...draft, providerId: null } });
});

test("a line of the table tells days, hours and the moment", () => {
  const line = priceLine(PRICE, null);
  assert.equal(line.since, "15 Nov 2026, 16:30 UTC");
  assert.equal(line.peakTimes, "Mon–Fri, 16:30-24:00 UTC");
});

test("days that do not follow each other are named one by one", () => {
  const peak = PRICE.peak && { ...PRICE.peak, days: [1, 3, 7] };
  assert.match(String(priceLine({ ...PRICE, peak }, null).peakTimes), /^Mon, Wed, Sun,/);
  assert.equal(priceLine({ ...PRICE, peak: null }, null).peakTimes, null);
});
