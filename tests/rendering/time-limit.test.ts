import assert from "node:assert/strict";
import { test } from "node:test";
import { withinTime } from "../../src/rendering/time-limit.js";

test("work that is done in time gives its result", () => {
  assert.equal(
    withinTime(1000, () => "done"),
    "done",
  );
});

test("work that takes too long is stopped, even within a regular expression", () => {
  assert.throws(() => withinTime(50, () => /^(a+)+$/.test(`${"a".repeat(40)}b`)), {
    code: "ERR_SCRIPT_EXECUTION_TIMEOUT",
  });
});

test("an error of the work is passed on", () => {
  const work = () => {
    throw new RangeError("no");
  };
  assert.throws(() => withinTime(1000, work), RangeError);
});
