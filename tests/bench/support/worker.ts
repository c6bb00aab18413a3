import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Use } from "./process.js";
import { useOf } from "./process.js";

type Verbs = Record<string, (given: never) => unknown>;

/** A process of its own which does what it is asked, so that it takes no time from the others. */
export interface Worker<V extends Verbs> {
  ask<K extends keyof V & string>(
    verb: K,
    given: Parameters<V[K]>[0],
  ): Promise<Awaited<ReturnType<V[K]>>>;
  use(): Use;
  end(): Promise<void>;
}

interface Question {
  number: number;
  verb: string;
  given: never;
}

interface Reply {
  number: number;
  value?: unknown;
  error?: string;
}

export function startWorker<V extends Verbs>(file: string): Worker<V> {
  const child = fork(file, { serialization: "advanced" });
  const waiting = new Map<number, (reply: Reply) => void>();
  let number = 0;

  child.on("message", (reply: Reply) => waiting.get(reply.number)?.(reply));
  child.on("exit", () => {
    for (const [of, answer] of waiting) answer({ number: of, error: `${file} has ended` });
  });

  return {
    ask: async (verb, given) => {
      number += 1;
      const reply = await new Promise<Reply>((resolve) => {
        waiting.set(number, resolve);
        child.send({ number, verb, given });
      });
      waiting.delete(reply.number);
      if (reply.error) throw new Error(`${verb}: ${reply.error}`);
      return reply.value as never;
    },
    use: () => useOf(child.pid),
    end: () => end(child),
  };
}

/** In the worker: answers what it is asked. */
export function serve<V extends Verbs>(verbs: V): V {
  process.on("message", async ({ number, verb, given }: Question) => {
    try {
      process.send?.({ number, value: await verbs[verb]?.(given) });
    } catch (error) {
      process.send?.({ number, error: String((error as Error).stack) });
    }
  });
  process.on("disconnect", () => process.exit());
  return verbs;
}

async function end(child: ChildProcess) {
  if (child.exitCode !== null) return;
  child.disconnect();
  await once(child, "exit");
}
