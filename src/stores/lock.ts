import { mkdirSync } from "node:fs";
import Database from "better-sqlite3";
import { config } from "../config.js";
import { CannotStart } from "../errors.js";

let lock: Database.Database | null = null;

/**
 * One server per database: holds an exclusive transaction on a small database beside the real one.
 * The kernel gives it back however the process ends, so there is no stale lock to clean up.
 */
export function takeLock(): void {
  mkdirSync(config.database.folder, { recursive: true, mode: 0o700 });
  const file = `${config.database.file}.server`;
  const candidate = new Database(file, { timeout: 0 });

  try {
    candidate.exec("BEGIN EXCLUSIVE");
    lock = candidate;
  } catch (error) {
    candidate.close();
    throw isBusy(error) ? new CannotStart(occupied()) : error;
  }
}

export function releaseLock(): void {
  lock?.close();
  lock = null;
}

function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY");
}

function occupied(): string {
  return `Another AIFacade server is using ${config.database.file}. Stop it first, or set DATABASE_URL to another file.`;
}
