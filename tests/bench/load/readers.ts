import { setTimeout as wait } from "node:timers/promises";
import { createParser } from "eventsource-parser";
import { held } from "../../support/growing.js";
import { named, type StreamEvent } from "../../support/visitor.js";
import { Connection } from "../support/connection.js";
import { percentile, sum } from "../support/numbers.js";
import { stampsIn } from "../support/stamps.js";
import { serve } from "../support/worker.js";

/** Somebody who asks and follows the answer. All bytes are kept, and looked at when it is over. */
interface Reader {
  connection: Connection;
  chunks: { at: number; bytes: Buffer }[];
  /** The answer as it is stored, once it has ended. */
  stored: string;
  ended: Promise<void>;
}

interface Followed {
  answers: number;
  /** Answers that their reader does not hold to the end with all their tokens, or that are not stored so. */
  lost: number;
  /** Answers whose tokens are not in their order, at the end or (for one in twenty) after any event. */
  disordered: number;
  stamps: number;
  p50Ms: number;
  p99Ms: number;
  longestGapMs: number;
  bytes: number;
  /** Of these, in the last event of each answer. */
  lastBytes: number;
}

const PARSED_IN_FULL = 20;
const PATIENCE_MS = 90_000;
const WARM_UP_MS = 2_000;
const MOST_ASKING = 64;
const ARRIVING_MS = 10_000;
const EVENTS = "Accept: text/event-stream\r\n";

let readers: Reader[] = [];

const verbs = serve({ ask, finish, leave, longestGap, firstTokens, keepAsking });

export type ReaderVerbs = typeof verbs;

/** Lets these people ask, so many in a second, in a new conversation each, and follow their answers. */
async function ask(given: { url: string; headers: string[]; count: number; perSecond: number }) {
  const startedAt = performance.now();
  const asking = new Set<Promise<void>>();

  for (let index = 0; index < given.count; index += 1) {
    const dueInMs = (1000 * index) / given.perSecond - (performance.now() - startedAt);
    if (dueInMs > 1) await wait(dueInMs);
    // A machine that cannot keep up is not to drown: its kernel would refuse connections.
    if (asking.size >= MOST_ASKING) await Promise.race(asking);

    const one = askAndFollow(given.url, given.headers[index % given.headers.length] ?? "")
      .then((reader) => void readers.push(reader))
      .finally(() => asking.delete(one));
    asking.add(one);
  }
  await Promise.all(asking);
}

async function askAndFollow(
  url: string,
  headers: string,
  connection = new Connection(url),
): Promise<Reader> {
  const { source } = await askAndOpen(connection, headers);
  const reader: Reader = { connection, chunks: [], stored: "", ended: Promise.resolve() };
  const read = new Promise<void>((resolve) => {
    connection.follow(
      `GET ${source}`,
      forEvents(headers),
      (bytes) => reader.chunks.push({ at: Date.now(), bytes: Buffer.from(bytes) }),
      resolve,
    );
  });
  reader.ended = read.then(async () => {
    reader.stored = await storedOf(connection, source, headers);
  });
  return reader;
}

// Nothing where the server has hung up, which is then a loss.
async function storedOf(connection: Connection, source: string, headers: string) {
  const line = `GET ${source.replace("generations", "messages")}/source`;
  const answer = await connection.request(line, headers, "", true).catch(() => null);
  return answer?.status === 200 ? answer.body : "";
}

async function askAndOpen(connection: Connection, headers: string) {
  const asked = await connection.request("POST /chat", headers, "prompt=Tell+me+a+long+one.");
  const conversation = /^location: (\S+)/im.exec(asked.head)?.[1] ?? "";
  if (asked.status !== 303) throw new Error(`a question was answered with ${asked.status}`);

  const { body } = await connection.request(`GET ${conversation}`, headers, "", true);
  const source = /<message-stream src="([^"]+)"/.exec(body)?.[1];
  if (!source) throw new Error(`no answer grows on ${conversation}`);
  return { source, body };
}

function forEvents(headers: string): string {
  return headers.replace(/Accept: .*\r\n/, EVENTS);
}

/** Waits until all answers have ended, or long enough, then looks at what came. */
async function finish(given: { discardMs: number }): Promise<Followed> {
  await Promise.race([
    Promise.all(readers.map(({ ended }) => ended)),
    wait(PATIENCE_MS, undefined, { ref: false }),
  ]);
  const results = readers.map((reader, index) =>
    lookAt(reader, given.discardMs, index % PARSED_IN_FULL === 0),
  );
  const delays = results.flatMap((result) => result.delays);
  leave();

  return {
    answers: results.length,
    lost: results.filter((result) => result.isLost).length,
    disordered: results.filter((result) => !result.isInOrder).length,
    stamps: delays.length,
    p50Ms: percentile(delays, 50),
    p99Ms: percentile(delays, 99),
    longestGapMs: percentile(
      results.map((result) => result.longestGapMs),
      100,
    ),
    bytes: sum(results.map((result) => result.bytes)),
    lastBytes: sum(results.map((result) => result.lastBytes)),
  };
}

/**
 * People who ask at fixed times; for each answer by how much its first token came later than the upstream
 * took for it, counted from when the question was due.
 */
async function firstTokens(given: {
  url: string;
  headers: string[];
  perSecond: number;
  forMs: number;
}): Promise<{ answers: number; p50Ms: number; p99Ms: number }> {
  const startedAt = performance.now();
  const added: Promise<number>[] = [];
  const count = Math.round((given.perSecond * (given.forMs + WARM_UP_MS)) / 1000);

  for (let index = 0; index < count; index += 1) {
    const dueAt = startedAt + (1000 * index) / given.perSecond;
    if (dueAt - performance.now() > 1) await wait(dueAt - performance.now());
    added.push(addedTo(given.url, given.headers[index % given.headers.length] ?? "", dueAt));
  }

  const discarded = Math.round((given.perSecond * WARM_UP_MS) / 1000);
  const counted = (await Promise.all(added)).slice(discarded);
  const [p50Ms = 0, p99Ms = 0] = [50, 99].map((percent) => percentile(counted, percent));
  return { answers: counted.length, p50Ms, p99Ms };
}

async function addedTo(url: string, headers: string, dueAt: number): Promise<number> {
  const connection = new Connection(url);
  const page = await askAndOpen(connection, headers);
  const early = tookIn(page.body);
  let seenAt = early === null ? 0 : performance.now();
  let took = early ?? 0;
  let text = "";

  await new Promise<void>((resolve) => {
    const look = (bytes: Buffer) => {
      if (seenAt > 0) return;
      text += bytes.toString("latin1");
      const found = tookIn(text);
      if (found === null) return;
      seenAt = performance.now();
      took = found;
    };
    connection.follow(`GET ${page.source}`, forEvents(headers), look, resolve);
  });
  connection.close();
  return seenAt - dueAt - took;
}

function tookIn(text: string): number | null {
  const [, asked, told] = /asked (\d+\.\d\d) told (\d+\.\d\d)/.exec(text) ?? [];
  return asked && told ? Number(told) - Number(asked) : null;
}

/** People who ask, read the answer to its end, and ask again, until the time is over. */
async function keepAsking(given: { url: string; headers: string[]; forMs: number }) {
  const until = performance.now() + given.forMs;
  const counts = { answers: 0, lost: 0, disordered: 0 };

  await Promise.all(
    given.headers.map(async (headers, index) => {
      await wait((ARRIVING_MS * index) / given.headers.length);
      const connection = new Connection(given.url);
      while (performance.now() < until) {
        const reader = await askAndFollow(given.url, headers, connection);
        await reader.ended;
        const isThorough = counts.answers % PARSED_IN_FULL === 0;
        const { isLost, isInOrder } = lookAt(reader, 0, isThorough);
        counts.answers += 1;
        counts.lost += isLost ? 1 : 0;
        counts.disordered += isInOrder ? 0 : 1;
      }
      connection.close();
    }),
  );

  return counts;
}

/** Hangs up on all answers. */
function leave() {
  for (const { connection } of readers) connection.close();
  readers = [];
}

/** The longest time between two arrivals at any reader since `since`. */
function longestGap(given: { since: number }): number {
  return percentile(
    readers.map(({ chunks }) => gapIn(chunks.filter(({ at }) => at >= given.since))),
    100,
  );
}

function lookAt({ chunks, stored }: Reader, discardMs: number, isThorough: boolean) {
  const events = eventsOf(bodyOf(Buffer.concat(chunks.map(({ bytes }) => bytes))));
  const end = events.at(-1)?.event === "done" ? events.at(-1)?.data : { html: "" };
  const near = chunks[0]?.at ?? 0;
  // Whoever holds the text is not sent it again: then it is what their patches have made.
  const shown = plain(end.held ? held(events).answer.join("") : end.html);
  const stamps = stampsIn(shown, near);
  const isWhole = [shown, stored].every((text) => stampsIn(text, near).length === promisedIn(text));

  return {
    isLost: !isWhole,
    isInOrder: isAscending(stamps) && (!isThorough || grewInOrder(events, near, stamps)),
    delays: delaysOf(chunks, near + discardMs),
    longestGapMs: gapIn(chunks.filter(({ at }) => at >= near + discardMs)),
    bytes: sum(chunks.map(({ bytes }) => bytes.length)),
    lastBytes: Buffer.byteLength(JSON.stringify(end)),
  };
}

function plain(html: string): string {
  return html.replace(/<[^>]*>/g, "");
}

// The last words of every answer say how many stamps there are: without them it has no end.
function promisedIn(text: string): number {
  return Number(/There were (\d+) stamps/.exec(text)?.[1] ?? Number.NaN);
}

// The first time that a stamp is seen; a stamp may lie across two reads.
function delaysOf(chunks: Reader["chunks"], from: number): number[] {
  const delays: number[] = [];
  let last = 0;
  let rest = "";

  for (const { at, bytes } of chunks) {
    const text = rest + bytes.toString("latin1");
    rest = text.slice(-6);
    for (const time of stampsIn(text, at)) {
      if (time <= last) continue;
      last = time;
      if (time >= from) delays.push(at - time);
    }
  }

  return delays;
}

function gapIn(chunks: Reader["chunks"]): number {
  let longest = 0;
  for (const [index, { at }] of chunks.entries()) {
    longest = Math.max(longest, at - (chunks[index - 1]?.at ?? at));
  }
  return longest;
}

/** After every event the stamps that a browser holds are the first of those that there are in the end. */
function grewInOrder(events: StreamEvent[], near: number, all: number[]): boolean {
  let holding = { reasoning: [] as string[], answer: [] as string[] };

  return events.every((event) => {
    holding = held([event], holding);
    const stamps = stampsIn(holding.answer.join(""), near);
    return stamps.every((time, index) => time === all[index]);
  });
}

function isAscending(times: number[]): boolean {
  return times.every((time, index) => index === 0 || time >= (times[index - 1] ?? 0));
}

function bodyOf(bytes: Buffer): string {
  const parts: Buffer[] = [];
  let at = bytes.indexOf("\r\n\r\n") + 4;

  while (at < bytes.length) {
    const lineEnd = bytes.indexOf("\r\n", at);
    const size = Number.parseInt(bytes.toString("latin1", at, lineEnd), 16);
    if (!(size > 0)) break;
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }

  return Buffer.concat(parts).toString();
}

function eventsOf(text: string): StreamEvent[] {
  const events: StreamEvent[] = [];
  const parser = createParser({
    onEvent: ({ event = "message", id, data }) =>
      events.push(named({ event, id, data: JSON.parse(data) })),
  });
  parser.feed(text);
  return events;
}
