import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Breaker, type Circuit } from "../../src/deepseek/breaker.js";
import { type FailureKind, UpstreamError } from "../../src/deepseek/errors.js";
import * as scenario from "../support/fake-deepseek.js";
import { client, collect, fake, HELLO } from "./support.js";

const RULES = { mostFailures: 3, pauseMs: 5_000, longestPauseMs: 20_000 };

beforeEach(() => mock.timers.reset());

function failure(kind: FailureKind, status: number | null = null) {
  return new UpstreamError(kind, "", { phase: "headers", status });
}

function fail(breaker: Breaker, times: number, kind: FailureKind = "unreachable") {
  for (let time = 0; time < times; time += 1) breaker.failed(failure(kind));
}

function refuses(breaker: Breaker): boolean {
  try {
    breaker.admit();
    return false;
  } catch (error) {
    assert.equal((error as UpstreamError).kind, "down");
    return true;
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("failures in a row open it, and a success between them does not let it", () => {
  const breaker = new Breaker(RULES, async () => {});
  fail(breaker, 2);
  breaker.succeeded();
  fail(breaker, 2);
  assert.equal(refuses(breaker), false);
  fail(breaker, 1);
  assert.equal(refuses(breaker), true);
  assert.equal(breaker.circuit.failure, "unreachable");
  assert.ok((breaker.circuit.retryInMs ?? 0) > 4_900);
  breaker.end();
});

for (const kind of ["unauthorized", "no_credit", "refused", "busy", "too_long"] as const) {
  test(`${kind} is a word of a server that lives`, () => {
    const breaker = new Breaker(RULES, async () => {});
    fail(breaker, 2);
    fail(breaker, 5, kind);
    fail(breaker, 2);
    assert.equal(breaker.circuit.state, "closed");
  });
}

test("it looks for the server by itself, each time after a longer pause, and is told of both changes", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const looks: boolean[] = [];
  const told: Circuit["state"][] = [];
  let isBack = false;
  const breaker = new Breaker(
    RULES,
    async () => {
      looks.push(isBack);
      if (!isBack) throw failure("unreachable");
    },
    ({ state }) => told.push(state),
  );
  fail(breaker, 3);

  for (const pauseMs of [5_000, 10_000, 20_000, 20_000]) {
    mock.timers.tick(pauseMs - 1);
    const before = looks.length;
    mock.timers.tick(1);
    assert.equal(looks.length, before + 1);
    await settled();
    assert.equal(refuses(breaker), true);
  }
  isBack = true;
  mock.timers.tick(20_000);
  await settled();
  assert.equal(refuses(breaker), false);
  assert.deepEqual(told, ["open", "closed"]);

  fail(breaker, 1);
  assert.equal(breaker.circuit.state, "open");
  breaker.end();
});

test("a server that fails at the look only is given one question to show what it can do", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const breaker = new Breaker(RULES, async () => {
    throw failure("upstream_error", 500);
  });
  fail(breaker, 3, "upstream_error");
  mock.timers.tick(5_000);
  await settled();

  assert.equal(refuses(breaker), false);
  assert.equal(refuses(breaker), true);
  breaker.failed(failure("upstream_error"));
  assert.equal(breaker.circuit.state, "open");
  mock.timers.tick(10_000);
  await settled();
  assert.equal(refuses(breaker), false);
  breaker.succeeded();
  assert.equal(refuses(breaker), false);
});

test("a client whose server is down stops asking it, and fails at once", async () => {
  const guarded = client({ breaker: RULES });
  const ask = () => collect(guarded.stream(HELLO, { signal: new AbortController().signal }));
  fake.next(...Array.from({ length: 3 }, () => scenario.cutAfter(0, "rst")));
  assert.equal(((await ask()).error as UpstreamError).kind, "unreachable");
  const asked = fake.requests.length;
  const before = performance.now();

  assert.equal(((await ask()).error as UpstreamError).kind, "down");
  assert.ok(performance.now() - before < 50);
  assert.equal(fake.requests.length, asked);
});
