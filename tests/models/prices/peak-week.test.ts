import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { peakTimes, peakWeek } from "../../../src/models/prices/peak-week.js";

test("a week has a mark for each quarter of an hour", () => {
  const week = peakWeek({ days: [1], windows: [{ from: 4, until: 16 }] });
  assert.equal(week.length, 672);
  assert.equal(week.indexOf("1"), 4);
  assert.equal(week.lastIndexOf("1"), 15);
});

test("without days or hours there is no peak", () => {
  assert.equal(peakWeek({ days: [], windows: [{ from: 0, until: 4 }] }), "");
  assert.equal(peakWeek({ days: [1], windows: [] }), "");
});

test("what was stored is read as it was", () => {
  const days = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 });
  // Apart from each other: two that touch are one.
  const windows = fc
    .uniqueArray(fc.integer({ min: 0, max: 96 }), { minLength: 2, maxLength: 8 })
    .map((edges) => edges.sort((a, b) => a - b))
    .map((edges) =>
      edges.flatMap((from, index) =>
        index % 2 === 0 ? [{ from, until: edges[index + 1] ?? -1 }] : [],
      ),
    )
    .map((all) => all.filter(({ until }) => until > 0));

  fc.assert(
    fc.property(days, windows, (chosen, hours) => {
      const times = { days: chosen.sort(), windows: hours };
      assert.deepEqual(peakTimes(peakWeek(times)), times);
    }),
  );
});
