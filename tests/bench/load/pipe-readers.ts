import { setTimeout as wait } from "node:timers/promises";
import { Connection } from "../support/connection.js";
import { percentile, sum } from "../support/numbers.js";
import { stampsIn } from "../support/stamps.js";
import { serve } from "../support/worker.js";

interface Reader {
  connection: Connection;
  chunks: { at: number; bytes: Buffer }[];
  ended: Promise<void>;
}

let readers: Reader[] = [];

const verbs = serve({ ask, finish, firstTokens });

export type PipeReaderVerbs = typeof verbs;

/** Opens so many streams through the bare pipe, and waits until each has its first bytes. */
async function ask(given: { url: string; count: number }) {
  const begun: Promise<void>[] = [];

  for (let index = 0; index < given.count; index += 1) {
    const reader = read(given.url);
    readers.push(reader.reader);
    begun.push(reader.begun);
    if (index % 50 === 49) await reader.begun;
  }
  await Promise.all(begun);
}

/** By how much the first token comes later than the upstream took for it. */
async function firstTokens(given: { url: string; perSecond: number; forMs: number }) {
  const count = Math.round((given.perSecond * given.forMs) / 1000);
  const startedAt = performance.now();
  const added: Promise<number>[] = [];

  for (let index = 0; index < count; index += 1) {
    const dueAt = startedAt + (1000 * index) / given.perSecond;
    if (dueAt - performance.now() > 1) await wait(dueAt - performance.now());
    added.push(addedTo(given.url, dueAt));
  }

  const all = await Promise.all(added);
  return { p50Ms: percentile(all, 50), p99Ms: percentile(all, 99) };
}

function addedTo(url: string, dueAt: number): Promise<number> {
  const connection = new Connection(url);
  let text = "";

  return new Promise((resolve) => {
    const look = (bytes: Buffer) => {
      text += bytes.toString("latin1");
      const [, asked, told] = /asked (\d+\.\d\d) told (\d+\.\d\d)/.exec(text) ?? [];
      if (!asked || !told) return;
      resolve(performance.now() - dueAt - (Number(told) - Number(asked)));
      connection.close();
    };
    connection.follow("GET /", "", look, () => {});
  });
}

function read(url: string) {
  const connection = new Connection(url);
  const chunks: Reader["chunks"] = [];
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const ended = new Promise<void>((resolve) => {
    const keep = (bytes: Buffer) => {
      chunks.push({ at: Date.now(), bytes: Buffer.from(bytes) });
      begin();
    };
    connection.follow("GET /", "", keep, resolve);
  });

  return { reader: { connection, chunks, ended }, begun };
}

async function finish() {
  await Promise.all(readers.map(({ ended }) => ended));
  const delays = readers.flatMap(({ chunks }) =>
    chunks.flatMap(({ at, bytes }) =>
      stampsIn(bytes.toString("latin1"), at).map((time) => at - time),
    ),
  );
  const bytes = sum(readers.flatMap(({ chunks }) => chunks.map((chunk) => chunk.bytes.length)));
  for (const { connection } of readers) connection.close();
  readers = [];
  return { p50Ms: percentile(delays, 50), p99Ms: percentile(delays, 99), bytes };
}
