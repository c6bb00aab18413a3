import assert from "node:assert/strict";
import { test } from "node:test";
import { count, duration, portion } from "../../src/helpers/numbers.js";

for (const [ms, told] of [
  [null, "–"],
  [0, "0.0 s"],
  [849, "0.8 s"],
  [9949, "9.9 s"],
  [9950, "10 s"],
  [59_499, "59 s"],
  [59_500, "1 min 0 s"],
  [125_000, "2 min 5 s"],
] as const) {
  test(`${ms} ms are told as ${told}`, () => assert.equal(duration(ms), told));
}

for (const [value, told] of [
  [null, "–"],
  [0, "0"],
  [12_345, "12,345"],
] as const) {
  test(`${value} is counted as ${told}`, () => assert.equal(count(value), told));
}

for (const [part, whole, told] of [
  [null, 10, "–"],
  [0, 0, "–"],
  [0, 10, "0 %"],
  [999, 1000, "99 %"],
  [10, 10, "100 %"],
] as const) {
  test(`${part} of ${whole} are told as ${told}`, () => assert.equal(portion(part, whole), told));
}
