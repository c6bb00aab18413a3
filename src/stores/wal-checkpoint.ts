import { Worker } from "node:worker_threads";
import { config } from "../config.js";
import { log } from "../lib/log.js";
import { noteDiskFailure } from "./disk.js";
import { read, unwrittenPages } from "./statements.js";

const THREAD = new URL("./wal-checkpoint-thread.js", import.meta.url);
const LIMITS = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2, stackSizeMb: 1 };

// As many as SQLite itself waits for.
const PAGES = 1000;
// The thread takes 10 MB, which a server at rest does without.
const IDLE_MS = 30_000;

type Answer = (code: string | null) => void;

let thread: Worker | null = null;
let answer: Answer | null = null;
let usedAt = 0;
let isLooking = false;

/** Writes a log that has grown into the database, in a thread of its own: nobody's commit waits for it. */
export async function checkpointWal() {
  if (isLooking || answer) return;
  isLooking = true;
  const pages = await read(unwrittenPages).finally(() => {
    isLooking = false;
  });
  if (pages < PAGES) return endWhenIdle();

  const code = await new Promise<string | null>((resolve) => {
    answer = resolve;
    thread ??= begin();
    thread.postMessage("checkpoint");
  });
  answer = null;
  usedAt = performance.now();
  // Whatever else fails, the next commit meets too.
  if (code?.endsWith("FSYNC")) noteDiskFailure(code);
}

/** To be called before the database is closed. */
export async function stopCheckpoints() {
  await thread?.terminate();
}

async function endWhenIdle() {
  if (performance.now() - usedAt > IDLE_MS) await thread?.terminate();
}

function begin(): Worker {
  const worker = new Worker(THREAD, { workerData: config.database.file, resourceLimits: LIMITS });
  worker.unref();
  worker.on("message", (code: string | null) => answer?.(code));
  worker.on("error", (err) => log.error({ err }, "the thread that writes the log has failed"));
  worker.on("exit", () => {
    thread = null;
    answer?.(null);
  });
  return worker;
}
