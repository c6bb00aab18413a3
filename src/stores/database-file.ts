import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import Database from "better-sqlite3";
import { root } from "../config.js";
import { CannotStart } from "../errors.js";
import { sizeOf } from "../lib/files.js";

interface AppliedMigration {
  migration_name: string;
  finished_at: unknown;
  rolled_back_at: unknown;
}

// About 0.1 s. A larger database is checked whole by each backup, where nobody waits for it.
const CHECKED_AT_START_BYTES = 128 * 1024 * 1024;
const ALL_PAGES = 0x7fffffff;
const READ_WAIT_MS = 5000;

/** Refuses a file that is no sound database, before anything is written to it. */
export function refuseUnsound(file: string): void {
  // What is left of a log would be applied to a new database of that name.
  if (!existsSync(file) && sizeOf(`${file}-wal`) > 0)
    throw unusable(file, `it is missing, and its log ${file}-wal is still there`);
  if (!existsSync(file)) return;
  if (sizeOf(file) === 0) throw unusable(file, "it is empty (0 bytes)");

  reading(file, (database) => {
    const complaint = sizeOf(file) <= CHECKED_AT_START_BYTES ? quickCheck(database) : null;
    if (complaint) throw unusable(file, complaint);
  });
}

/** What SQLite finds wrong with the structure of a database, or null. */
export function quickCheck(database: Database.Database): string | null {
  return complaintOf(database.pragma("quick_check(1)", { simple: true }));
}

/** The same, and whether each index agrees with its table: slower. */
export function integrityCheck(database: Database.Database): string | null {
  return complaintOf(database.pragma("integrity_check(1)", { simple: true }));
}

/** The migrations that this code knows, in order. */
export function knownMigrations(): string[] {
  return readdirSync(path.join(root, "prisma", "migrations"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** The migrations that a database has had. */
export function appliedMigrations(file: string): string[] {
  if (!existsSync(file)) return [];
  return reading(file, history);
}

export function history(database: Database.Database): string[] {
  const table = database.prepare("SELECT 1 FROM sqlite_master WHERE name = '_prisma_migrations'");
  if (!table.get()) return [];

  const rows = database.prepare("SELECT * FROM _prisma_migrations").all() as AppliedMigration[];
  return rows
    .filter((row) => row.finished_at !== null && row.rolled_back_at === null)
    .map((row) => row.migration_name)
    .sort();
}

/** How many rows each table has; the full-text index is made of what they hold. */
export function rowCounts(database: Database.Database): Record<string, number> {
  const names = database
    .prepare(`SELECT name FROM pragma_table_list
       WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'`)
    .pluck()
    .all() as string[];
  const count = (name: string) =>
    database.prepare(`SELECT count(*) FROM "${name}"`).pluck().get() as number;

  return Object.fromEntries(names.sort().map((name) => [name, count(name)]));
}

/**
 * Copies a database as it is at one moment, while others write: all pages in one step, since a copy in
 * several begins anew with each write of another process, and never ends beside a busy server. Page by
 * page, so that a check of the copy tells of damage in the original.
 */
export async function copyDatabase(source: Database.Database, destination: string): Promise<void> {
  await source.backup(destination, { progress: () => ALL_PAGES });

  const copy = new Database(destination);
  // One file, without a log beside it.
  copy.pragma("journal_mode = DELETE");
  copy.close();
}

/** Opens a database to read, and closes it; a file that SQLite cannot read is refused in words. */
export function reading<T>(file: string, use: (database: Database.Database) => T): T {
  let database: Database.Database | null = null;
  try {
    database = openToRead(file);
    return use(database);
  } catch (error) {
    throw inWords(file, error);
  } finally {
    database?.close();
  }
}

export function openToRead(file: string): Database.Database {
  return new Database(file, { readonly: true, fileMustExist: true, timeout: READ_WAIT_MS });
}

/** What SQLite throws, as a refusal of the file; anything else as it is. */
export function inWords(file: string, error: unknown): unknown {
  return error instanceof Database.SqliteError ? unusable(file, error.message) : error;
}

export function unusable(file: string, what: string): CannotStart {
  return new CannotStart(
    `${file} cannot be used: ${what}. Nothing was changed. ` +
      `Check it with "npm run task -- doctor", or put back a backup with ` +
      `"npm run task -- restore <archive>" ("npm run task -- backups" lists them).`,
  );
}

function complaintOf(result: unknown): string | null {
  return result === "ok" ? null : `SQLite says ${String(result).trim().split("\n").join(" ")}`;
}
