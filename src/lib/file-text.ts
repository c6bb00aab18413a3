// What a file says, read in a thread of its own: whatever a hostile one does there, the process lives.
import { setTimeout as wait } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { Turns } from "./turns.js";

export const PICTURES = ["png", "jpeg", "gif", "webp"] as const;
type Picture = (typeof PICTURES)[number];

/** What there is to read in a file; `pages` where it has any. */
export interface FileText {
  kind: "text" | "pdf" | "docx" | Picture;
  text: string;
  pages: number | null;
  words: number;
}

/** Why a file cannot be read. */
export type Obstacle = "unknown" | "broken" | "locked" | "too_long" | "too_much" | "too_many";

export class Unreadable extends Error {
  readonly obstacle: Obstacle;

  constructor(obstacle: Obstacle) {
    super(`a file cannot be read: ${obstacle}`);
    this.obstacle = obstacle;
  }
}

/** Whether files of this kind are seen and not read. */
export function isPicture(kind: string): boolean {
  return PICTURES.some((picture) => picture === kind);
}

type Outcome = FileText | { obstacle: Obstacle };

const THREAD = new URL("./file-text/thread.js", import.meta.url);
const HEAP = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 };
const MOST_MS = 20_000;
const LOOK_EVERY_MS = 50;
// What is unpacked lies outside of the heap that Node can limit, so the whole process is looked at.
const MOST_GROWTH_BYTES = 400_000_000;
const MOST_WAITING = 30;

// One after the other: on two cores the other one is for answers.
const turns = new Turns(1, MOST_WAITING);

/** Reads a file by what it holds, whatever it is called. It takes the bytes away. Throws an `Unreadable`. */
export async function readFileText(bytes: Uint8Array<ArrayBuffer>): Promise<FileText> {
  if (turns.isFull) throw new Unreadable("too_many");

  const outcome = await turns.take(() => readInThread(bytes));
  if ("obstacle" in outcome) throw new Unreadable(outcome.obstacle);
  return outcome;
}

async function readInThread(bytes: Uint8Array<ArrayBuffer>): Promise<Outcome> {
  const over = new AbortController();
  const thread = new Worker(THREAD, {
    workerData: bytes,
    transferList: [bytes.buffer],
    resourceLimits: HEAP,
    // Nothing of ours is within its reach, and plain JavaScript needs no loader.
    env: {},
    execArgv: [],
  });

  try {
    return await Promise.race([outcomeOf(thread), overrun(over.signal)]);
  } finally {
    over.abort();
    await thread.terminate();
  }
}

function outcomeOf(thread: Worker): Promise<Outcome> {
  return new Promise((resolve) => {
    thread.once("message", resolve);
    thread.once("error", () => resolve({ obstacle: "too_much" }));
    thread.once("exit", () => resolve({ obstacle: "too_much" }));
  });
}

async function overrun(over: AbortSignal): Promise<Outcome> {
  const mostBytes = process.memoryUsage.rss() + MOST_GROWTH_BYTES;
  const until = performance.now() + MOST_MS;

  while (!over.aborted && performance.now() < until && process.memoryUsage.rss() < mostBytes) {
    await wait(LOOK_EVERY_MS, undefined, { ref: false });
  }
  return { obstacle: "too_much" };
}
