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

const verbs = serve({ ask, finish });

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
