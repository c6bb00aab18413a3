import assert from "node:assert/strict";
import path from "node:path";
import { afterEach, beforeEach, mock, test } from "node:test";
import { setImmediate as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { root } from "../../../support/root.js";

// The browser's modules carry no types; a computed name keeps the compiler from asking for them.
const { Feed } = await import(pathToFileURL(path.join(root, "public/js/lib/feed.js")).href);

/** An EventSource whose server is the test. */
class FakeSource extends EventTarget {
  static readonly CLOSED = 2;
  static made: FakeSource[] = [];
  readonly url: string;
  readyState = 1;

  constructor(url: string) {
    super();
    this.url = url;
    FakeSource.made.push(this);
  }

  close() {
    this.readyState = FakeSource.CLOSED;
  }

  say(name: string, data: string) {
    this.dispatchEvent(Object.assign(new Event(name), { data }));
  }

  /** The connection broke; EventSource comes back by itself, unless the server refused it. */
  fail(readyState: number) {
    this.readyState = readyState;
    this.dispatchEvent(new Event("error"));
  }
}

const SILENCE_MS = 45_000;
const last = () => FakeSource.made.at(-1) as FakeSource;
const stream = () => new Response("", { headers: { "content-type": "text/event-stream" } });
const trouble = () => new Response("", { status: 503 });
const noNetwork = () => {
  throw new TypeError("fetch failed");
};

let told: string[] = [];
let received: unknown[] = [];
let probes: (() => Response)[] = [];

beforeEach(() => {
  [told, received, probes, FakeSource.made] = [[], [], [], []];
  mock.timers.enable({ apis: ["setTimeout"] });
  mock.method(Math, "random", () => 1);
  mock.method(globalThis, "fetch", async () => (probes.shift() ?? stream)());
  Object.assign(globalThis, { EventSource: FakeSource });
});

afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

function opened() {
  const feed = new Feed("/generations/41", ["patch"], {
    receive: (name: string, body: unknown) => {
      if (body === "unfit") throw new RangeError("a patch that does not fit");
      received.push([name, body]);
    },
    tell: (state: string) => void told.push(state),
  });
  feed.open();
  return feed;
}

async function after(ms: number) {
  mock.timers.tick(ms);
  await pause();
}

test("events are read as JSON, and their connection's state is told", () => {
  opened();
  last().say("open", "");
  last().say("patch", '{"answer":1}');

  assert.deepEqual(received, [["patch", { answer: 1 }]]);
  assert.deepEqual(told, ["open"]);
  assert.equal(last().url, "/generations/41");
});

test("a connection that broke is left to EventSource", async () => {
  opened();
  last().fail(0);
  await after(SILENCE_MS - 1);

  assert.deepEqual(told, ["lost"]);
  assert.equal(FakeSource.made.length, 1);
});

test("a server in trouble is asked again, each time after twice as long, until it streams", async () => {
  probes = [trouble, noNetwork, stream];
  opened();
  last().fail(FakeSource.CLOSED);

  for (const [ms, sources] of [
    [500, 1],
    [1000, 1],
    [2000, 2],
  ] as const) {
    await after(ms - 1);
    assert.equal(FakeSource.made.length, 1);
    await after(1);
    assert.equal(FakeSource.made.length, sources);
  }
});

test("the wait never grows beyond half a minute, and the first event makes it short again", async () => {
  probes = Array(9).fill(trouble);
  opened();
  last().fail(FakeSource.CLOSED);
  for (let attempt = 0; attempt < 10; attempt += 1) await after(30_000);
  assert.equal(FakeSource.made.length, 2);

  last().say("patch", "{}");
  last().fail(FakeSource.CLOSED);
  await after(500);
  assert.equal(FakeSource.made.length, 3);
});

for (const [what, answer] of [
  ["a login page", () => new Response("", { headers: { "content-type": "text/html" } })],
  ["no content", () => new Response(null, { status: 204 })],
] as const) {
  test(`${what} instead of a stream is the end`, async () => {
    probes = [answer];
    opened();
    last().fail(FakeSource.CLOSED);
    await after(500);
    await after(60_000);

    assert.deepEqual(told, ["lost", "over"]);
    assert.equal(FakeSource.made.length, 1);
  });
}

test("an event that cannot be used is followed by a fresh connection", async () => {
  opened();
  last().say("patch", '"unfit"');
  assert.equal(last().readyState, FakeSource.CLOSED);
  await after(500);
  last().say("patch", "{");
  await after(1000);

  assert.equal(FakeSource.made.length, 3);
});

test("after silence the connection is taken for dead; every event puts that off", async () => {
  opened();
  await after(SILENCE_MS - 1);
  last().say("patch", "{}");
  await after(SILENCE_MS - 1);
  assert.equal(FakeSource.made.length, 1);
  await after(1);

  assert.equal(FakeSource.made.length, 2);
  assert.equal(FakeSource.made[0]?.readyState, FakeSource.CLOSED);
});

test("opened again, as when the network is back, it hears the new connection only", async () => {
  const feed = opened();
  const [old] = FakeSource.made;
  feed.open();
  old?.say("patch", "{}");

  assert.equal(FakeSource.made.length, 2);
  assert.equal(old?.readyState, FakeSource.CLOSED);
  assert.deepEqual(received, []);
});

test("closed, it stays closed, even while it asks whether the server is back", async () => {
  const feed = opened();
  last().fail(FakeSource.CLOSED);
  mock.timers.tick(500);
  feed.close();
  await after(SILENCE_MS);

  assert.equal(FakeSource.made.length, 1);
  assert.deepEqual(told, ["lost"]);
});
