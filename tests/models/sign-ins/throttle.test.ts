import assert from "node:assert/strict";
import { test } from "node:test";

Object.assign(process.env, { NODE_ENV: "test", LIMIT_FAILED_LOGINS: "3" });
const { failed, secondsToWait, succeeded } = await import(
  "../../../src/models/sign-ins/throttle.js"
);

const DAY_MS = 86_400_000;

function fail(key: string, times: number, now = 0) {
  for (let count = 0; count < times; count += 1) failed(key, now);
}

test("the first failures cost nothing", () => {
  fail("few", 2);
  assert.equal(secondsToWait("few", 0), 0);
});

test("then each failure doubles the wait", () => {
  const waits = [1, 2, 4, 8, 16].map((seconds, index) => {
    fail(`${index}`, 3 + index);
    return [secondsToWait(`${index}`, 0), seconds];
  });
  for (const [actual, expected] of waits) assert.equal(actual, expected);
});

test("nobody waits longer than a quarter of an hour, so nobody is locked out", () => {
  fail("many", 1000);
  assert.equal(secondsToWait("many", 0), 900);
  assert.equal(secondsToWait("many", 900_000), 0);
});

test("the wait goes by with time", () => {
  fail("patient", 5);
  assert.equal(secondsToWait("patient", 3_500), 1);
  assert.equal(secondsToWait("patient", 4_000), 0);
});

test("success wipes the slate", () => {
  fail("forgiven", 10);
  succeeded("forgiven");
  assert.equal(secondsToWait("forgiven", 0), 0);
});

test("after a day without failures the count begins anew", () => {
  fail("later", 10);
  failed("later", DAY_MS + 1);
  assert.equal(secondsToWait("later", DAY_MS + 1), 0);
});

test("one who fails does not slow down another", () => {
  fail("mallory", 10);
  assert.equal(secondsToWait("ada", 0), 0);
});
