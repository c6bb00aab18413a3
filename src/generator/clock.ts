import { log } from "../lib/log.js";
import * as generations from "../models/generations.js";
import { takesWrites } from "../stores/disk.js";
import { checkpointSeconds, storeFailures } from "./metrics.js";
import type { Run } from "./run.js";

const TICK_MS = 50;
const LONGEST_TICK_MS = 250;
const CHECKPOINT_MS = 500;
const LOOK_MS = 1000;
const SETTLE_MS = 25;

type Runs = ReadonlyMap<number, Run>;

let timer: NodeJS.Timeout | null = null;
let storing: Promise<void> | null = null;
let dueAt = 0;
let checkpointAt = 0;
let lookAt = 0;
let unsettled: IterableIterator<Run> = [].values();

/** One clock for all running answers; it stands still while there is none. */
export function wind(runs: Runs) {
  if (timer) return;

  const now = performance.now();
  checkpointAt = now + CHECKPOINT_MS;
  lookAt = now + LOOK_MS;
  next(runs, TICK_MS);
}

function next(runs: Runs, ms: number) {
  dueAt = performance.now() + ms;
  timer = setTimeout(() => tick(runs), ms);
}

function tick(runs: Runs) {
  timer = null;
  if (runs.size === 0) return;

  const start = performance.now();
  for (const run of runs.values()) {
    if (run.broadcast.isHeard) run.tell();
  }
  next(runs, pause(performance.now() - start, start - dueAt));
  keep(runs, start);
}

// From one beginning to the next, and at least as long again as telling everybody took and came late: under load readers
// see more words at once, instead of the same words later and later.
function pause(workMs: number, lateMs: number): number {
  return Math.min(LONGEST_TICK_MS, Math.max(TICK_MS - workMs, workMs + lateMs));
}

function keep(runs: Runs, now: number) {
  if (now >= checkpointAt && !storing) {
    // By time, not by ticks: on a busy machine they are late, and what may be lost is a second, not twenty ticks.
    checkpointAt = now + CHECKPOINT_MS;
    settle(runs);
    void checkpoint([...runs.values()]);
  }
  if (now >= lookAt) {
    lookAt = now + LOOK_MS;
    void look(runs);
  }
}

// After a restart all of them begin with their text: the next pass goes on where this one stops.
function settle(runs: Runs) {
  const end = performance.now() + SETTLE_MS;
  for (let count = 0; count < runs.size && performance.now() <= end; count += 1) {
    const run = nextUnsettled(runs);
    if (run && !run.broadcast.isHeard) run.settle();
  }
}

function nextUnsettled(runs: Runs): Run | undefined {
  const next = unsettled.next();
  if (!next.done) return next.value;

  unsettled = runs.values();
  return unsettled.next().value;
}

/** Stores what has grown since the last checkpoint, after that one. */
export async function checkpoint(runs: Run[]) {
  const mine = (storing ?? Promise.resolve()).then(() => store(runs));
  storing = mine;
  await mine;
  if (storing === mine) storing = null;
}

async function store(runs: Run[]) {
  if (!takesWrites()) return markUnsaved(runs);
  const grown = runs.map((run) => run.takeCheckpoint()).filter((piece) => piece !== null);
  if (grown.length === 0) return markSaved(runs);

  const stopTimer = checkpointSeconds.startTimer();
  try {
    const fits = await generations.checkpoint(grown);
    stopTimer();
    markSaved(runs);
    if (!fits) for (const run of runs) run.forgetCheckpoint();
  } catch (error) {
    storeFailures.inc({ what: "checkpoint" });
    log.error({ err: error, answers: grown.length }, "growing answers could not be stored");
    markUnsaved(runs);
  }
}

function markSaved(runs: Run[]) {
  for (const run of runs) run.saved = true;
}

function markUnsaved(runs: Run[]) {
  for (const run of runs) {
    run.saved = false;
    run.forgetCheckpoint();
  }
}

// A task may suspend somebody, or delete their rows, while their answer is being written.
async function look(runs: Runs) {
  try {
    for (const id of await generations.unwelcome([...runs.keys()])) runs.get(id)?.halt("gone");
  } catch (error) {
    log.error({ err: error }, "running answers could not be checked");
  }
}
