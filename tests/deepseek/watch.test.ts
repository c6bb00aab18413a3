import assert from "node:assert/strict";
import { getEventListeners, once } from "node:events";
import { createServer } from "node:net";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { UpstreamError } from "../../src/deepseek/errors.js";
import * as scenario from "../support/fake-deepseek.js";
import { ask, CLOCKS, client, collect, failure, fake, finish, HELLO } from "./support.js";

// The promise is 200 ms; a machine that runs every suite at once needs some more.
const PROMPTLY_MS = 500;

const only = (clocks: Partial<typeof CLOCKS>) => ({ clocks: { ...CLOCKS, ...clocks } });

test("a server that never sends headers gives no answer, and is not asked again", async () => {
  fake.next(scenario.stall(0));
  const answer = await ask(only({ headersMs: 500 }));

  assert.deepEqual([failure(answer).kind, failure(answer).phase], ["no_answer", "headers"]);
  assert.equal(fake.requests.length, 1);
  await scenario.closed(fake.requests[0]);
});

test("comments do not stand in for the first text", async () => {
  fake.next(scenario.stall(0, { commentsMs: 20 }));
  const answer = await ask(only({ firstTokenMs: 400 }));

  assert.deepEqual([failure(answer).kind, failure(answer).phase], ["no_answer", "body"]);
  assert.ok(answer.deltas.some(({ type }) => type === "queued"));
  await scenario.closed(fake.requests[0]);
});

test("comments do not stand in for further text", async () => {
  fake.next(scenario.stall(3, { commentsMs: 20 }));
  const answer = await ask(only({ betweenTokensMs: 150 }));

  assert.deepEqual([answer.text, failure(answer).kind], ["word1 word2 word3 ", "stalled"]);
  await scenario.closed(fake.requests[0]);
});

test("a drip is cut when all of it takes too long", async () => {
  fake.next(scenario.answer({ reasoning: "", content: "word ".repeat(1000), tokenMs: 20 }));
  const answer = await ask(only({ totalMs: 600 }));

  assert.equal(failure(answer).kind, "took_too_long");
  assert.match(answer.text, /^word /);
  await scenario.closed(fake.requests[0]);
});

test("text that came while this process stood still came in time", async () => {
  const { content, events: wired, finish: end, DONE } = scenario.wire;
  fake.next(async ({ res }) => {
    res.write(wired(content("a")));
    await pause(100);
    res.write(wired(content("b")));
    standStill(500);
    res.end(wired(end("stop"), DONE));
  });
  const answer = await ask(only({ betweenTokensMs: 300 }));

  assert.equal(answer.text, "ab");
  assert.equal(finish(answer).reason, "stop");
});

function standStill(ms: number) {
  for (const until = performance.now() + ms; performance.now() < until; );
}

test("an answer may take longer than any of its pauses", async () => {
  fake.next(scenario.answer({ reasoning: "", content: "word ".repeat(8), tokenMs: 150 }));

  assert.equal(
    finish(await ask(only({ firstTokenMs: 1000, betweenTokensMs: 1000 }))).reason,
    "stop",
  );
});

test("a TLS handshake that never ends is unreachable", async (t) => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const sockets = new Set<{ destroy(): void }>();
  server.on("connection", (socket) => sockets.add(socket.resume()));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  const { port } = server.address() as { port: number };
  const baseUrl = `https://127.0.0.1:${port}`;
  const answer = await ask({ baseUrl, ...only({ connectMs: 200 }), retries: { most: 0 } });
  assert.deepEqual([failure(answer).kind, failure(answer).phase], ["unreachable", "connect"]);
});

test("a refusal whose body never ends is known by its status", async () => {
  fake.next(async ({ res, gone }) => {
    res.writeHead(402).write("{");
    await once(gone, "abort");
  });

  assert.equal(failure(await ask(only({ totalMs: 600 }))).kind, "no_credit");
});

test("a caller who takes his time is not a server that stalls", async () => {
  fake.next(scenario.answer({ reasoning: "", content: "a b c", tokenMs: 10 }));
  const signal = new AbortController().signal;
  let text = "";
  for await (const delta of client(only({ betweenTokensMs: 300 })).stream(HELLO, { signal })) {
    if (delta.type !== "content") continue;
    text += delta.text;
    await pause(400);
  }

  assert.equal(text, "a b c");
});

/** Aborts as soon as a delta of the type comes; how long the fake still held the request open. */
async function abortedAt(type: string, options = {}): Promise<number> {
  const controller = new AbortController();
  let since = 0;
  const outcome = await collect(
    (async function* () {
      for await (const delta of client(options).stream(HELLO, controller)) {
        yield delta;
        if (delta.type !== type) continue;
        since = performance.now();
        controller.abort("stop it");
      }
    })(),
  );

  assert.equal(outcome.error, "stop it");
  return (await scenario.closed(fake.requests[0])) - since;
}

test("abort before the first token closes the connection within 200 ms", async () => {
  fake.next(scenario.stall(0, { commentsMs: 30 }));

  assert.ok((await abortedAt("accepted")) < PROMPTLY_MS);
});

test("abort in the middle of an answer closes the connection within 200 ms", async () => {
  fake.next(scenario.hold(["a", "b"]));

  assert.ok((await abortedAt("content")) < PROMPTLY_MS);
});

test("abort before any header closes the connection within 200 ms", async () => {
  fake.next(scenario.stall(0));
  const controller = new AbortController();
  const pending = collect(client().stream(HELLO, controller));
  while (fake.requests.length === 0) await pause(5);
  const since = performance.now();
  controller.abort("stop it");

  assert.equal((await pending).error, "stop it");
  assert.ok((await scenario.closed(fake.requests[0])) - since < PROMPTLY_MS);
});

test("abort closes the connection though nobody takes the next delta", async () => {
  fake.next(scenario.hold(["a"]));
  const controller = new AbortController();
  const deltas = client().stream(HELLO, controller);
  await deltas.next();
  const since = performance.now();
  controller.abort("stop it");

  assert.ok((await scenario.closed(fake.requests[0])) - since < PROMPTLY_MS);
  await assert.rejects(deltas.next(), (reason) => reason === "stop it");
});

test("abort ends the wait before another attempt", async () => {
  fake.next(scenario.status(503));
  const retries = { firstDelayMs: 60_000, longestDelayMs: 60_000 };
  const began = performance.now();
  await abortedAt("retrying", { retries });

  assert.ok(performance.now() - began < 2000);
  assert.equal(fake.requests.length, 1);
});

test("after an abort no delta comes that had arrived before", async () => {
  const { events, reasoning, content } = scenario.wire;
  const turns = Array.from({ length: 50 }, () => [reasoning("hm"), content("x")]).flat();
  fake.next(scenario.stream([events(...turns)]));
  const controller = new AbortController();
  let seen = 0;
  await assert.rejects(async () => {
    for await (const delta of client().stream(HELLO, controller)) {
      if (delta.type === "content" && ++seen === 3) controller.abort(new Error("stop"));
    }
  }, /stop/);

  assert.equal(seen, 3);
});

test("a signal that is already aborted sends nothing", async () => {
  const { error } = await collect(client().stream(HELLO, { signal: AbortSignal.abort("late") }));

  assert.equal(error, "late");
  assert.equal(fake.requests.length, 0);
});

test("leaving the loop closes the connection", async () => {
  fake.next(scenario.endless());
  for await (const delta of client().stream(HELLO, { signal: new AbortController().signal })) {
    if (delta.type === "content") break;
  }

  await scenario.closed(fake.requests[0]);
});

test("many answers with one signal leave no listener on it", async () => {
  const { signal } = new AbortController();
  const one = client({ retries: { firstDelayMs: 1 } });
  for (let turn = 0; turn < 20; turn++) {
    if (turn % 4 === 0) fake.next(scenario.status(turn % 8 === 0 ? 503 : 400));
    if (turn % 4 === 1) fake.next(scenario.cutAfter(1, "rst"));
    await collect(one.stream(HELLO, { signal }));
  }

  assert.equal(getEventListeners(signal, "abort").length, 0);
});

test("no timer is left when an answer is over", async () => {
  const before = timers();
  for (const one of [scenario.answer(), scenario.status(400), scenario.cutAfter(2, "fin")]) {
    fake.next(one);
    await ask();
  }

  assert.equal(timers(), before);
});

test("nothing is rejected behind our back", async () => {
  const unhandled: unknown[] = [];
  process.on("unhandledRejection", (error) => unhandled.push(error));
  fake.next(scenario.status(200, "x", { "content-encoding": "br" }), scenario.redirect("/"));
  await ask({ retries: { most: 0 } });
  await ask();
  await pause(50);

  assert.deepEqual(unhandled, []);
  assert.equal(failure(await ask(only({ totalMs: 0 }))) instanceof UpstreamError, true);
});

/** Our timers keep the process alive; undici's do not, and neither does the fake's. */
function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
}
