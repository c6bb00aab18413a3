import assert from "node:assert/strict";
import { test } from "node:test";
import * as periods from "../../src/helpers/periods.js";

const NOVEMBER = { from: "2026-11-01", to: "2026-11-30" };

test("a whole month is called by its name, other days by theirs", () => {
  assert.equal(periods.periodTitle(NOVEMBER), "November 2026");
  assert.equal(
    periods.periodTitle({ from: "2026-11-01", to: "2026-11-29" }),
    "1 Nov 2026 – 29 Nov 2026",
  );
  assert.equal(periods.periodTitle({ from: "2026-11-02", to: "2026-11-02" }), "2 Nov 2026");
});

test("a month has neighbours, over the turn of a year too", () => {
  assert.deepEqual(periods.monthsAround({ from: "2026-01-01", to: "2026-01-31" }), {
    previous: "2025-12",
    next: "2026-02",
  });
});

test("days begin when they do where the reader is, also when clocks change", () => {
  const slots = periods.daysOf({ from: "2026-10-24", to: "2026-10-26" }, "Europe/Berlin");
  assert.deepEqual(
    slots.map(({ begins }) => begins.toISOString()),
    ["2026-10-23T22:00:00.000Z", "2026-10-24T22:00:00.000Z", "2026-10-25T23:00:00.000Z"],
  );
});

test("many days are shown as months", () => {
  const year = periods.slotsOf({ from: "2026-01-15", to: "2026-12-31" }, "UTC");
  assert.equal(year.length, 12);
  assert.deepEqual([year[0]?.label, year[11]?.label], ["January 2026", "December 2026"]);
  assert.equal(periods.slotsOf(NOVEMBER, "UTC").length, 30);
});

test("entries fall into the day that they are in, and empty days stay", () => {
  const slots = periods.daysOf({ from: "2026-11-01", to: "2026-11-03" }, "UTC");
  const times = ["2026-11-01T00:00Z", "2026-11-01T23:59Z", "2026-11-03T12:00Z"].map(Date.parse);
  const rows = periods.filled(slots, times, (time) => time);
  assert.deepEqual(
    rows.map(({ entries }) => entries.length),
    [2, 0, 1],
  );
});
