import { log } from "../lib/log.js";
import * as generations from "../models/generations.js";
import { checkpointSeconds, storeFailures } from "./metrics.js";
import type { Run } from "./run.js";

const TICK_MS = 50;
const CHECKPOINT_MS = 500;
const TICKS_PER_LOOK = 20;

let timer: NodeJS.Timeout | null = null;
let ticks = 0;
let storing: Promise<void> | null = null;
let storedAt = 0;

/** One clock for all running answers; it stands still while there is none. */
export function wind(runs: ReadonlyMap<number, Run>) {
  timer ??= setInterval(() => tick(runs), TICK_MS);
}

function tick(runs: ReadonlyMap<number, Run>) {
  if (runs.size === 0) return stop();

  ticks += 1;
  for (const run of runs.values()) {
    if (run.broadcast.isHeard) tell(run);
  }
  if (!storing && performance.now() - storedAt >= CHECKPOINT_MS) {
    storing = checkpoint([...runs.values()]).finally(rest);
  }
  if (ticks % TICKS_PER_LOOK === 0) void look(runs);
}

function tell(run: Run) {
  run.broadcast.flush(run.texts);
  run.broadcast.tellProgress(run.texts);
}

function stop() {
  if (timer) clearInterval(timer);
  timer = null;
}

/** Stores what has grown since the last checkpoint. */
export async function checkpoint(runs: Run[]) {
  // By time, not by ticks: on a busy machine they are late, and what may be lost is a second, not twenty ticks.
  storedAt = performance.now();
  const texts = runs.map((run) => run.takeCheckpoint()).filter((text) => text !== null);
  if (texts.length === 0) return;

  const stopTimer = checkpointSeconds.startTimer();
  try {
    await generations.checkpoint(texts);
    stopTimer();
  } catch (error) {
    storeFailures.inc({ what: "checkpoint" });
    log.error({ err: error, answers: texts.length }, "growing answers could not be stored");
    for (const run of runs) run.forgetCheckpoint();
  }
}

function rest() {
  storing = null;
}

// A task may suspend somebody, or delete their rows, while their answer is being written.
async function look(runs: ReadonlyMap<number, Run>) {
  try {
    for (const id of await generations.unwelcome([...runs.keys()])) runs.get(id)?.halt("gone");
  } catch (error) {
    log.error({ err: error }, "running answers could not be checked");
  }
}
