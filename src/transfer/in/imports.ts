// Files on their way in, from the moment they are here: read in the background, taken in when somebody has chosen, gone
// on with after a restart.
import { readdirSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import path from "node:path";
import { removeLeftovers } from "../../lib/files.js";
import { log } from "../../lib/log.js";
import { Turns } from "../../lib/turns.js";
import * as imports from "../../models/imports.js";
import { COMING, forget, importFolder, uploaded } from "./files.js";
import { readUpload } from "./reading.js";
import { takeIn } from "./taking.js";

// One after the other: on two cores the other one is for answers.
const readers = new Turns(1, Number.POSITIVE_INFINITY);
const takers = new Turns(1, Number.POSITIVE_INFINITY);
const LONGEST_COMING_MS = 3_600_000;
const working = new Set<Promise<void>>();
let over = new AbortController();

/** A file has come and lies at `file`, which is not there afterwards; the id of its import. It is read later. */
export async function receive(userId: string, name: string, file: string): Promise<string> {
  try {
    const { id, forgotten } = await imports.begin(userId, name);
    for (const before of forgotten) forget(before);
    await rename(file, uploaded(id));
    readLater(id);
    return id;
  } finally {
    await rm(file, { force: true });
  }
}

/** Takes in what was chosen, later; false where nothing is, or another file of theirs is under way. */
export async function start(id: string): Promise<boolean> {
  const isStarted = await imports.start(id);
  if (isStarted) takeLater(id);
  return isStarted;
}

export async function remove(userId: string, id: string) {
  await imports.remove(userId, id);
  forget(id);
}

/** Goes on with what an earlier process was about. */
export async function open() {
  over = new AbortController();
  removeLeftovers(importFolder(), COMING);
  for (const { id, state } of await imports.left()) {
    if (state === "reading") readLater(id);
    else takeLater(id);
  }
}

/** Stops between two pieces: the next start goes on. */
export async function drain() {
  over.abort();
  await Promise.all(working);
}

/** Forgets what nobody has looked at for a week, with its files, and what did not come to its end. */
export async function prune() {
  const files = readdirSync(importFolder());
  const kept = new Set(await imports.prune());
  const ids = files.filter((file) => !file.startsWith(COMING)).map((file) => path.parse(file).name);
  for (const id of ids.filter((id) => !kept.has(id))) forget(id);
  removeLeftovers(importFolder(), COMING, LONGEST_COMING_MS);
}

function readLater(id: string) {
  inBackground(id, readers, async () => {
    const problem = await readUpload(id, over.signal);
    if (over.signal.aborted) return;
    await imports.end(id, problem ? "refused" : "ready", problem);
    if (problem) forget(id);
  });
}

function takeLater(id: string) {
  inBackground(id, takers, async () => {
    const problem = await takeIn(id, over.signal);
    if (over.signal.aborted) return;
    await imports.end(id, problem ? "stopped" : "done", problem);
    if (!problem) forget(id);
  });
}

function inBackground(id: string, turns: Turns, work: () => Promise<void>) {
  const done = turns
    .take(async () => {
      if (!over.signal.aborted) await work();
    })
    .catch(async (err) => {
      log.error({ err }, "an import has failed");
      await imports.fail(id, "failed").catch(() => {});
    })
    .finally(() => working.delete(done));
  working.add(done);
}
