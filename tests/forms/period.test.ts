import assert from "node:assert/strict";
import { test } from "node:test";
import { periodForm } from "../../src/forms/period.js";

const TODAY = "2026-11-26";

for (const [what, input, from, to] of [
  ["nothing", {}, "2026-11-01", "2026-11-30"],
  ["a month", { month: "2026-02" }, "2026-02-01", "2026-02-28"],
  ["a leap month", { month: "2028-02" }, "2028-02-01", "2028-02-29"],
  ["a month after all time", { month: "9999-12" }, "2026-11-01", "2026-11-30"],
  ["no month", { month: "2026-13" }, "2026-11-01", "2026-11-30"],
  ["a list of months", { month: ["2026-02", "2026-03"] }, "2026-11-01", "2026-11-30"],
  ["days", { from: "2026-10-05", to: "2026-10-07" }, "2026-10-05", "2026-10-07"],
  ["a beginning alone", { from: "2026-10-05", to: "" }, "2026-10-05", TODAY],
  ["a beginning long ago", { from: "2020-01-01" }, "2020-01-01", "2020-12-31"],
  ["a beginning in the future", { from: "2030-01-01" }, "2030-01-01", "2030-01-01"],
  ["an end alone", { to: "2026-10-05" }, "2026-10-01", "2026-10-05"],
] as const) {
  test(`${what} is ${from} to ${to}`, () => {
    assert.deepEqual(periodForm(input, TODAY), { ok: true, value: { from, to } });
  });
}

for (const [what, input, message] of [
  ["an end before the beginning", { from: "2026-10-05", to: "2026-10-04" }, /before the first/],
  ["more than a year", { from: "2025-01-01", to: "2026-01-02" }, /a year at most/],
  ["a day that is none", { from: "2026-02-30" }, /Give a day/],
  ["the last day of all", { from: "9999-12-31", to: "9999-12-31" }, /from the year 2000/],
  ["a list of days", { from: ["2026-02-03"] }, /Give a day|expected string/],
] as const) {
  test(`${what} is refused in words`, () => {
    const form = periodForm(input, TODAY);
    assert.ok(!form.ok);
    assert.match(Object.values(form.errors)[0] ?? "", message);
  });
}
