import { accessSync, constants, existsSync, mkdirSync } from "node:fs";
import Database from "better-sqlite3";
import { config } from "../config.js";
import { CannotStart } from "../errors.js";

// Another start that gives up, or a task that ends, is gone by then; for a service a refusal is final.
const PATIENCE_MS = 2_000;

let lock: Database.Database | null = null;

/** One server per database, and no restore or migration beside it. */
export function takeLock(): void {
  try {
    mkdirSync(config.database.folder, { recursive: true, mode: 0o700 });
    // SQLite would open for reading what it may not write, and hold nothing.
    accessSync(config.database.folder, constants.W_OK);
    lock = hold(lockFile(), PATIENCE_MS);
  } catch (error) {
    throw new CannotStart(unwritable(error as NodeJS.ErrnoException));
  }
  if (!lock) throw new CannotStart(occupied());
}

export function releaseLock(): void {
  lock?.close();
  lock = null;
}

/** Whether a server, a restore or a migration uses the database now. */
export function isOccupied(): boolean {
  if (!existsSync(lockFile())) return false;
  const held = hold(lockFile());
  held?.close();
  return held === null;
}

/**
 * Holds an exclusive transaction on a small database until it is closed; null where another process
 * does for so many milliseconds. The kernel gives it back however the process ends, so there is no stale lock to clean up.
 */
export function hold(file: string, timeout = 0): Database.Database | null {
  const candidate = new Database(file, { timeout });

  try {
    candidate.exec("BEGIN EXCLUSIVE");
    return candidate;
  } catch (error) {
    candidate.close();
    if (isBusy(error)) return null;
    throw error;
  }
}

function lockFile(): string {
  return `${config.database.file}.server`;
}

function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY");
}

function occupied(): string {
  return (
    `Another AIFacade server, restore or migration is using ${config.database.file}. ` +
    "Stop it or let it end first, or set DATABASE_URL to another file."
  );
}

// Without a lock there could be two servers, and without the files beside it SQLite reads no log: what was
// acknowledged last would be missing from what is shown. So nothing is served from a folder that cannot be written.
function unwritable({ code, message }: NodeJS.ErrnoException): string {
  return (
    `The folder ${config.database.folder} cannot be written (${code ?? message}), and a database cannot be served ` +
    `without. Mount it for writing, or give it to the user that runs AIFacade, or make room on its disk.`
  );
}
