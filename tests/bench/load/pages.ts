import { setTimeout as wait } from "node:timers/promises";
import { type Answer, Connection } from "../support/connection.js";
import { percentile } from "../support/numbers.js";
import { serve } from "../support/worker.js";

interface Load {
  url: string;
  /** Asked for in turn. */
  requests: Asking[];
}

export interface Asking {
  line: string;
  headers: string;
  body?: string;
}

interface Result {
  perSecond: number;
  failed: number;
  /** What the first of them failed of. */
  reasons: string[];
  p50Ms: number;
  p99Ms: number;
  bytes: number;
}

const WARM_UP_MS = 1_000;
const REASONS_TOLD = 5;

const verbs = serve({ one, asFastAsCanBe, paced });

export type PageVerbs = typeof verbs;

/** One answer, with its text. */
async function one({ url, line, headers }: Asking & { url: string }) {
  const connection = new Connection(url);
  const { status, head, bytes, body } = await connection.request(line, headers, "", true);
  connection.close();
  return { status, head, bytes, body };
}

/** Some connections, each with the next request as soon as the last is answered; the first second does not count. */
async function asFastAsCanBe(
  given: Load & { connections: number; forMs: number },
): Promise<Result> {
  const times: number[] = [];
  const from = performance.now() + WARM_UP_MS;
  const until = from + given.forMs;
  let failed = 0;
  let bytes = 0;
  let next = 0;

  await Promise.all(
    Array.from({ length: given.connections }, async () => {
      let connection = new Connection(given.url);
      while (performance.now() < until) {
        const asking = given.requests[next++ % given.requests.length] as Asking;
        const startedAt = performance.now();
        const answer = await connection
          .request(asking.line, asking.headers, asking.body)
          .catch(() => null);
        if (!connection.isOpen) connection = new Connection(given.url);
        if (startedAt < from) continue;
        if (!answer || answer.status >= 400) failed += 1;
        else times.push(performance.now() - startedAt);
        bytes = answer?.bytes ?? bytes;
      }
      connection.close();
    }),
  );

  return { ...summary(times, bytes, given.forMs), failed, reasons: [] };
}

/**
 * Requests at fixed times, whether the ones before are answered or not. A request is as late as its
 * answer comes after its time: one that had to wait for a connection is not let off (coordinated omission).
 */
async function paced(given: Load & { perSecond: number; forMs: number }): Promise<Result> {
  const idle: Connection[] = [];
  const times: number[] = [];
  const startedAt = performance.now();
  const count = Math.round((given.perSecond * (given.forMs + WARM_UP_MS)) / 1000);
  const running: Promise<void>[] = [];
  const reasons: string[] = [];
  let failed = 0;
  let bytes = 0;

  function freeOne(): Connection | undefined {
    const connection = idle.pop();
    return !connection || connection.isOpen ? connection : freeOne();
  }

  async function ask(index: number, dueAt: number) {
    const asking = given.requests[index % given.requests.length] as Asking;
    const answer = await answerTo(asking, freeOne());
    if (dueAt - startedAt < WARM_UP_MS) return;
    if (typeof answer === "string") {
      failed += 1;
      if (reasons.length < REASONS_TOLD) reasons.push(answer);
    } else {
      times.push(performance.now() - dueAt);
      bytes = answer.bytes;
    }
  }

  // A server may close an idle connection in the moment of its next use: browsers then ask for a page again.
  async function answerTo(asking: Asking, reused?: Connection): Promise<Answer | string> {
    const connection = reused ?? new Connection(given.url);
    try {
      const answer = await connection.request(asking.line, asking.headers, asking.body);
      return answer.status < 400 ? answer : `${asking.line}: ${answer.status}`;
    } catch (error) {
      const mayAskAgain = reused && asking.line.startsWith("GET ");
      return mayAskAgain ? answerTo(asking) : (error as Error).message;
    } finally {
      if (connection.isOpen) idle.push(connection);
    }
  }

  for (let index = 0; index < count; index += 1) {
    const dueAt = startedAt + (1000 * index) / given.perSecond;
    const early = dueAt - performance.now();
    if (early > 1) await wait(early);
    running.push(ask(index, dueAt));
  }
  await Promise.all(running);
  for (const connection of idle) connection.close();
  return { ...summary(times, bytes, given.forMs), failed, reasons };
}

function summary(times: number[], bytes: number, forMs: number) {
  return {
    perSecond: (1000 * times.length) / forMs,
    bytes,
    p50Ms: percentile(times, 50),
    p99Ms: percentile(times, 99),
  };
}
