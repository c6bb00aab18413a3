import assert from "node:assert/strict";
import { test } from "node:test";
import { type FailureKind, type Phase, UpstreamError } from "../../src/deepseek/errors.js";
import { retryAfter, retryDelay } from "../../src/deepseek/retry.js";
import * as scenario from "../support/fake-deepseek.js";
import { ask, failure, fake, finish, retries } from "./support.js";

const NOW = Date.UTC(2026, 10, 23, 12, 0, 0);
const RULES = { most: 2, firstDelayMs: 500, longestDelayMs: 800, longestRetryAfterMs: 30_000 };

const HEADERS: [header: string | string[] | undefined, ms: number | null][] = [
  ["7", 7000],
  [" 0.5 ", 500],
  ["0", 0],
  ["Mon, 23 Nov 2026 12:00:09 GMT", 9000],
  ["Mon, 23 Nov 2026 11:00:00 GMT", 0],
  ["Monday, 23-Nov-26 12:00:09 GMT", 9000],
  ["1000000000", 86_400_000],
  ["9".repeat(400), 86_400_000],
  ["Sun, 23 Nov 2126 12:00:00 GMT", 86_400_000],
  ["-5", null],
  ["1e9", null],
  ["soon", null],
  ["may be later", null],
  ["", null],
  [["1", "2"], null],
  [undefined, null],
];

for (const [header, ms] of HEADERS) {
  test(`Retry-After ${JSON.stringify(header)?.slice(0, 40)} means ${ms} ms`, () => {
    assert.equal(retryAfter(header, NOW), ms);
  });
}

function delay(
  kind: FailureKind,
  attempt = 1,
  { phase = "body" as Phase, asked = null as number | null, random = 0 } = {},
) {
  const failed = new UpstreamError(kind, "", { phase, retryAfterMs: asked });
  return retryDelay(failed, attempt, { rules: RULES, random });
}

test("waits double up to the longest, with a quarter left to chance", () => {
  assert.deepEqual([delay("busy", 1), delay("busy", 2)], [500, 800]);
  assert.equal(delay("busy", 1, { random: 1 }), 375);
});

test("after the last attempt there is none", () => {
  assert.equal(delay("busy", 3), null);
});

test("the server's wish counts when it is longer, up to a limit", () => {
  assert.equal(delay("busy", 1, { asked: 4000 }), 4000);
  assert.equal(delay("busy", 1, { asked: 1 }), 500);
  assert.equal(delay("busy", 1, { asked: 30_001 }), null);
});

test("a connection that went stale is replaced without a wait, once", () => {
  assert.equal(delay("unreachable", 1, { phase: "headers" }), 0);
  assert.equal(delay("unreachable", 2, { phase: "headers" }), 800);
  assert.equal(delay("unreachable", 1, { phase: "connect" }), 500);
});

const FINAL: FailureKind[] = [
  "insecure",
  "unauthorized",
  "no_credit",
  "refused",
  "too_long",
  "unknown_model",
  "no_answer",
  "stalled",
  "took_too_long",
  "too_large",
  "protocol",
];

test("what would fail again, or cost twice, is not tried again", () => {
  assert.deepEqual(
    FINAL.map((kind) => delay(kind)),
    FINAL.map(() => null),
  );
});

for (const status of [429, 500, 502, 503, 504]) {
  test(`${status} is tried again, visibly, until it works`, async () => {
    fake.next(scenario.status(status), scenario.status(status));
    const answer = await ask();

    assert.deepEqual(
      retries(answer).map(({ attempt, failure: { status: seen } }) => [attempt, seen]),
      [
        [1, status],
        [2, status],
      ],
    );
    assert.equal(finish(answer).reason, "stop");
  });
}

test("the third failure is the answer", async () => {
  fake.next(...Array(3).fill(scenario.status(503)));

  assert.equal(failure(await ask()).kind, "overloaded");
  assert.equal(fake.requests.length, 3);
});

test("a Retry-After is waited for", async () => {
  fake.next(scenario.status(429, {}, { "retry-after": "0.3" }));
  const began = performance.now();
  const [retry] = retries(await ask());

  assert.equal(retry?.afterMs, 300);
  assert.ok(performance.now() - began >= 290);
});

test("a Retry-After of years is not waited for, but told", async () => {
  fake.next(scenario.status(429, {}, { "retry-after": "3153600000" }));
  const answer = await ask();

  assert.deepEqual([failure(answer).kind, failure(answer).retryAfterMs], ["busy", 86_400_000]);
  assert.equal(fake.requests.length, 1);
});

test("a Retry-After of nonsense is as good as none", async () => {
  fake.next(scenario.status(429, {}, { "retry-after": "when the moon is full" }));

  assert.equal(finish(await ask()).reason, "stop");
});

test("keep-alive comments do not count as text: what breaks after them is tried again", async () => {
  fake.next(scenario.stream([scenario.wire.KEEP_ALIVE, scenario.wire.opening()]));
  const answer = await ask();

  assert.equal(retries(answer)[0]?.failure.kind, "cut_off");
  assert.equal(finish(answer).reason, "stop");
});

test("after the first text nothing is tried again", async () => {
  fake.next(
    scenario.stream([scenario.wire.reasoning("Hm"), { error: { message: "x", code: 503 } }]),
  );

  assert.equal(failure(await ask()).kind, "overloaded");
  assert.equal(fake.requests.length, 1);
});
