import assert from "node:assert/strict";
import { test } from "node:test";

process.env.NODE_ENV = "test";
const { spokenBytes, spokenDuration, spokenNumber } = await import("../../src/lib/spoken.js");

for (const [seconds, spoken] of [
  [0, "1 second"],
  [0.2, "1 second"],
  [59.1, "60 seconds"],
  [100, "2 minutes"],
  [5399, "90 minutes"],
  [5400, "2 hours"],
] as const) {
  test(`${seconds} seconds are spoken of as ${spoken}`, () => {
    assert.equal(spokenDuration(seconds), spoken);
  });
}

for (const [bytes, spoken] of [
  [1, "1 KB"],
  [12_345_678, "12.4 MB"],
  [2_000_000_000, "2 GB"],
] as const) {
  test(`${bytes} bytes are spoken of as ${spoken}`, () => {
    assert.equal(spokenBytes(bytes), spoken);
  });
}

test("a number is written as the language does", () => {
  assert.equal(spokenNumber(32_000), "32,000");
});
