import { randomInt } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import Database from "better-sqlite3";
import { config } from "../config.js";
import { sync } from "../lib/files.js";
import { log } from "../lib/log.js";
import { reading, unusable } from "./database-file.js";

const { file, folder } = config.database;
const LOG = `${file}-wal`;
const MARK = `${file}.in-use`;

/**
 * SQLite opens a database whose log is gone as it was before, and one with another's log as that other
 * was, without a word. So each run draws a number, which stands in the database, by its log, and beside it.
 */
export function markInUse(): void {
  try {
    forget();
    const run = randomInt(1, 2 ** 31 - 1);
    store(run);
    note(run);
  } catch (error) {
    log.warn({ err: error }, "that the database is in use could not be noted");
  }
}

/** To be called once the database is closed, which takes its log away. */
export function markAtRest(): void {
  rmSync(MARK, { force: true });
}

/** Refuses a database that is not as the server left it which died with it, or has not its log. */
export function refuseForeignLog(): void {
  if (!existsSync(MARK) || !existsSync(file)) return;
  if (Number(readFileSync(MARK, "utf8")) === runIn(file)) return;

  throw unusable(
    file,
    `its server ended without closing it, and since then its log ${LOG} was lost or exchanged, or it was ` +
      `exchanged itself (if that was you, delete ${MARK})`,
  );
}

/** Whether a server died and the log it must have had is gone: by a task that closed it, or by a hand. */
export function hasLostLog(): boolean {
  return existsSync(MARK) && existsSync(file) && !existsSync(LOG);
}

// After a power cut the mark of an earlier run must not stand beside the number of this one.
function forget() {
  markAtRest();
  sync(folder);
}

// FULL, or the number might be lost in a power cut that the mark survives.
function store(run: number) {
  const database = new Database(file, { fileMustExist: true, timeout: 1000 });
  try {
    database.pragma("synchronous = FULL");
    database.pragma(`user_version = ${run}`);
  } finally {
    database.close();
  }
}

// The log's name, and the mark's content, must outlast a power cut before the mark's name does.
function note(run: number) {
  const unnamed = `${MARK}.new`;
  writeFileSync(unnamed, `${run}\n`);
  sync(unnamed);
  sync(folder);
  renameSync(unnamed, MARK);
}

function runIn(name: string): number {
  return reading(name, (database) => Number(database.pragma("user_version", { simple: true })));
}
