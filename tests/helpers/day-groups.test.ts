import assert from "node:assert/strict";
import { test } from "node:test";
import { groupByDay, isZone, startOfDay } from "../../src/helpers/day-groups.js";

const NOW = new Date("2026-11-26T10:00:00Z");

function labels(zone: string, ...dates: string[]): string[] {
  const items = dates.map((date) => ({ updatedAt: new Date(date), pinned: false }));
  return groupByDay(items, NOW, zone).map(({ label }) => label);
}

for (const [date, label] of [
  ["2026-11-26T10:00:00Z", "Today"],
  ["2026-11-26T00:00:00Z", "Today"],
  ["2026-11-27T09:00:00Z", "Today"],
  ["2026-11-25T23:59:59Z", "Yesterday"],
  ["2026-11-24T23:59:59Z", "Previous 7 days"],
  ["2026-11-19T00:00:00Z", "Previous 7 days"],
  ["2026-11-18T23:59:59Z", "Previous 30 days"],
  ["2026-10-27T00:00:00Z", "Previous 30 days"],
  ["2026-10-26T23:59:59Z", "October 2026"],
  ["2025-11-26T10:00:00Z", "November 2025"],
] as const) {
  test(`${date} is ${label}`, () => {
    assert.deepEqual(labels("UTC", date), [label]);
  });
}

test("a day begins and ends where the reader is", () => {
  const lateInGreenwich = "2026-11-25T23:30:00Z";
  assert.deepEqual(labels("Europe/Berlin", lateInGreenwich), ["Today"]);
  assert.deepEqual(labels("America/Los_Angeles", lateInGreenwich), ["Yesterday"]);
});

test("what is of one day stands together, and what is pinned before it", () => {
  const items = [
    { id: 1, updatedAt: new Date("2025-01-01"), pinned: true },
    { id: 2, updatedAt: NOW, pinned: true },
    { id: 3, updatedAt: NOW, pinned: false },
    { id: 4, updatedAt: NOW, pinned: false },
    { id: 5, updatedAt: new Date("2026-11-25"), pinned: false },
  ];
  const groups = groupByDay(items, NOW, "UTC").map(({ label, items }) => [
    label,
    ...items.map(({ id }) => id),
  ]);
  assert.deepEqual(groups, [
    ["Pinned", 1, 2],
    ["Today", 3, 4],
    ["Yesterday", 5],
  ]);
});

test("the day on which clocks are turned is a day", () => {
  const items = [{ updatedAt: new Date("2026-10-24T23:30:00Z"), pinned: false }];
  const [group] = groupByDay(items, new Date("2026-10-26T00:30:00Z"), "Europe/Berlin");
  assert.equal(group?.label, "Yesterday");
});

test("a zone is one that there is", () => {
  for (const zone of ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5"])
    assert.equal(isZone(zone), true, zone);
  for (const zone of ["", "Berlin!", "Europe/Nowhere", "a".repeat(100), "UTC;x"])
    assert.equal(isZone(zone), false, zone);
});

test("however many names are told, few are kept and all are right", () => {
  for (let n = 0; n < 2; n += 1) {
    for (const zone of Intl.supportedValuesOf("timeZone")) assert.equal(isZone(zone), true, zone);
  }
});

for (const [day, zone, instant] of [
  ["2026-11-26", "UTC", "2026-11-26T00:00:00.000Z"],
  ["2026-11-26", "Europe/Berlin", "2026-11-25T23:00:00.000Z"],
  ["2026-11-26", "America/Los_Angeles", "2026-11-26T08:00:00.000Z"],
  ["2026-03-29", "Europe/Berlin", "2026-03-28T23:00:00.000Z"],
  ["2026-03-30", "Europe/Berlin", "2026-03-29T22:00:00.000Z"],
  ["2026-10-25", "Europe/Berlin", "2026-10-24T22:00:00.000Z"],
  ["2026-11-26", "Asia/Kathmandu", "2026-11-25T18:15:00.000Z"],
] as const) {
  test(`${day} begins in ${zone} at ${instant}`, () => {
    assert.equal(startOfDay(day, zone).toISOString(), instant);
  });
}
