import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { escapeHtml } from "../lib/html.js";
import { log } from "../lib/log.js";
import { t } from "../lib/texts.js";
import { Turns } from "../lib/turns.js";
import { plainBlocks } from "./document.js";
import { renderUncoloured } from "./markdown.js";
import { tidy } from "./plain.js";

const THREAD = new URL("./thread.js", import.meta.url);
const LIMITS = { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 };
const LONGEST_START_MS = 20_000;
// The largest ordinary text takes half a second; on a machine with much else to do, many times as much.
const LONGEST_COLOURED_MS = 3_000;
const LONGEST_MS = 10_000;
const IDLE_MS = 30_000;
// Without colours that is some ten milliseconds at most.
const RENDERED_HERE = 10_000;
const MOST_WAITING = 500;

interface Job {
  text: string;
  scope: string;
  isColoured: boolean;
}

const turns = new Turns(1, MOST_WAITING);
let thread: Worker | null = null;
let idle: NodeJS.Timeout | undefined;

/**
 * What `renderBlocks` gives, made by a thread that exists while there is work for it: nobody else waits. What takes too
 * long or too much is rendered without the colours of its code; if that does as well, it is shown as it was written.
 * What is urgent comes before all that is not.
 */
export async function renderInThread(
  text: string,
  scope: string,
  { isUrgent = false } = {},
): Promise<string[]> {
  if (text === "") return [];
  return turns.take(() => render(text, scope), { isUrgent });
}

/** Whether so much waits for the thread that more had better come later. */
export function isCrowded(): boolean {
  return turns.isFull;
}

async function render(text: string, scope: string): Promise<string[]> {
  if (!(await hasThread())) {
    return text.length <= RENDERED_HERE ? renderUncoloured(text, scope) : plain(text);
  }
  return (
    (await attempt({ text, scope, isColoured: true })) ??
    (await attempt({ text, scope, isColoured: false })) ??
    plain(text)
  );
}

// A machine without memory for it does not make a text a bad one.
async function hasThread(): Promise<boolean> {
  try {
    await running();
    return true;
  } catch (error) {
    log.error({ err: error }, "the thread that renders did not start");
    return false;
  }
}

async function attempt(job: Job): Promise<string[] | null> {
  clearTimeout(idle);

  try {
    const worker = await running();
    worker.postMessage(job);
    return await nextOf<string[]>(worker, job.isColoured ? LONGEST_COLOURED_MS : LONGEST_MS);
  } catch (error) {
    log.warn({ err: error }, "a text took the thread that renders too much");
    await end();
    return null;
  } finally {
    idle = setTimeout(end, IDLE_MS).unref();
  }
}

async function running(): Promise<Worker> {
  thread ??= await begin();
  return thread;
}

async function begin(): Promise<Worker> {
  const worker = new Worker(THREAD, { resourceLimits: LIMITS, execArgv: [] });
  worker.unref();
  // Whoever waits for it is told; nobody may.
  worker.on("error", () => {});
  worker.once("exit", () => {
    if (thread === worker) thread = null;
  });

  try {
    await nextOf<"ready">(worker, LONGEST_START_MS);
    return worker;
  } catch (error) {
    await worker.terminate();
    throw error;
  }
}

/** What the thread says next; throws where it fails, ends, or says nothing for so long. */
async function nextOf<T>(worker: Worker, mostMs: number): Promise<T> {
  const over = new AbortController();
  const { signal } = over;
  const timer = setTimeout(() => over.abort(), mostMs);

  try {
    const ended = once(worker, "exit", { signal }).then(() => Promise.reject(new Error("ended")));
    const [message] = await Promise.race([once(worker, "message", { signal }), ended]);
    return message;
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}

async function end() {
  const ending = thread;
  thread = null;
  await ending?.terminate();
}

function plain(text: string): string[] {
  return [note(), ...plainBlocks(tidy(text))];
}

function note(): string {
  return `<p><em>${escapeHtml(t("Shown as plain text: it would take too long to format."))}</em></p>`;
}
