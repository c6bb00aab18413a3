import assert from "node:assert/strict";
import { test } from "node:test";
import { spokenBytes, spokenDuration } from "../../src/lib/spoken.js";

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
  [999_000, "999 KB"],
  [12_400_001, "12.5 MB"],
  [2e9, "2 GB"],
] as const) {
  test(`${bytes} bytes are spoken of as ${spoken}`, () => {
    assert.equal(spokenBytes(bytes), spoken);
  });
}
