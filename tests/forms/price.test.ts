import assert from "node:assert/strict";
import { test } from "node:test";
import { priceForm } from "../../src/forms/price.js";

const TYPED = {
  model: " deepseek-flash ",
  currency: "usd",
  validFrom: "2026-11-15T00:00",
  cached: "0.003",
  prompt: "0.15",
  completion: "0.6",
  peakCached: "",
  peakPrompt: "",
  peakCompletion: "",
  peakHours: "",
  quietDays: "",
  note: "",
};
const PEAK = {
  ...{ peakCached: "0.006", peakPrompt: "0.3", peakCompletion: "1.2" },
  ...{ peakHours: "01:00-04:00, 06:00–10:00", peakDays: ["1", "5"] },
};

test("a price is read to its last decimal", () => {
  const form = priceForm(TYPED);
  assert.ok(form.ok);
  assert.deepEqual(form.value, {
    ...{ model: "deepseek-flash", currency: "USD", validFrom: new Date("2026-11-15T00:00Z") },
    ...{ cachedRate: 3000, promptRate: 150_000, completionRate: 600_000 },
    ...{ providerId: null, peak: null, quietDays: [], note: "" },
  });
});

test("what no page of ours sends is refused in words of ours", () => {
  const form = priceForm({});
  assert.ok(!form.ok);
  for (const words of Object.values(form.errors)) assert.doesNotMatch(words, /Invalid|expected/);
});

test("peak times are read with their prices, days and hours", () => {
  const form = priceForm({ ...TYPED, ...PEAK, quietDays: "2027-02-05, 2027-01-01 2027-02-05" });
  assert.ok(form.ok);
  assert.deepEqual(form.value.peak, {
    ...{ cachedRate: 6000, promptRate: 300_000, completionRate: 1_200_000, days: [1, 5] },
    windows: [
      { from: 4, until: 16 },
      { from: 24, until: 40 },
    ],
  });
  assert.deepEqual(form.value.quietDays, ["2027-01-01", "2027-02-05"]);
});

test("one day of the week may be ticked alone", () => {
  const form = priceForm({ ...TYPED, ...PEAK, peakDays: "3" });
  assert.ok(form.ok);
  assert.deepEqual(form.value.peak?.days, [3]);
});

for (const [field, value] of [
  ["model", ""],
  ["model", "x".repeat(201)],
  ["currency", "dollars"],
  ["currency", "$"],
  ["validFrom", ""],
  ["validFrom", "2026-11-15"],
  ["validFrom", "2026-11-15T00:07"],
  ["validFrom", "2026-13-45T00:00"],
  ["validFrom", "2026-02-30T00:00"],
  ["validFrom", "2026-02-03T25:00"],
  ["cached", ""],
  ["prompt", "-1"],
  ["prompt", "0,15"],
  ["prompt", "1e3"],
  ["prompt", "NaN"],
  ["completion", "0.0000001"],
  ["completion", "1000.000001"],
  ["completion", "99999999999999999999"],
  ["peakCached", "much"],
  ["peakHours", "1-4"],
  ["peakHours", "04:00-01:00"],
  ["peakHours", "01:07-04:00"],
  ["quietDays", "New Year"],
  ["quietDays", "2027-02-30"],
  ["note", "x".repeat(201)],
] as const) {
  test(`${JSON.stringify(value.slice(0, 20))} as ${field} is refused there, and kept`, () => {
    const form = priceForm({ ...TYPED, [field]: value });
    assert.ok(!form.ok);
    assert.ok(form.errors[field], JSON.stringify(form.errors));
    assert.equal(form.values[field], value);
  });
}

for (const missing of ["peakCached", "peakPrompt", "peakCompletion", "peakHours"] as const) {
  test(`a peak without ${missing} is no peak`, () => {
    const form = priceForm({ ...TYPED, ...PEAK, [missing]: "" });
    assert.ok(!form.ok);
    assert.match(form.errors.peakHours ?? "", /or none of them/);
  });
}

test("what is no form is refused", () => {
  for (const input of [null, undefined, [], "x", { model: {}, peakDays: { a: 1 } }]) {
    assert.equal(priceForm(input).ok, false);
  }
});
