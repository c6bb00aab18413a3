import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { config } from "../config.js";
import { sync } from "../lib/files.js";
import { log } from "../lib/log.js";
import { reading, unusable } from "./database-file.js";

const { file } = config.database;
const LOG = `${file}-wal`;
const MARK = `${file}.in-use`;

/**
 * SQLite opens a database whose log is gone as it was before, and one with another's log as that other
 * was, without a word. So a mark says while a server has it open, when its log is always there.
 */
export function markInUse(): void {
  try {
    // The log's name must outlast a power cut before the mark does.
    sync(config.database.folder);
    writeFileSync(MARK, identity());
    sync(MARK);
  } catch (error) {
    log.warn({ err: error }, "that the database is in use could not be noted");
  }
}

/** To be called as the process ends: closing the database takes its log away. */
export function markAtRest(): void {
  rmSync(MARK, { force: true });
}

/** Refuses a log, or a database, that is not the one of which a server died. */
export function refuseForeignLog(): void {
  if (!existsSync(MARK) || !existsSync(LOG)) return;
  if (readFileSync(MARK, "utf8") === identity()) return;

  throw unusable(
    file,
    `it was in use when its server ended, and now it or its log ${LOG} is that of another database ` +
      `(if you have put that one there, delete ${MARK} and the log)`,
  );
}

/** Whether a server died and the log it must have had is gone. */
export function hasLostLog(): boolean {
  return existsSync(MARK) && existsSync(file) && !existsSync(LOG);
}

// What Prisma drew by lot when this database was made.
function identity(): string {
  return reading(file, (database) =>
    String(
      database
        .prepare("SELECT id FROM _prisma_migrations ORDER BY migration_name LIMIT 1")
        .pluck()
        .get(),
    ),
  );
}
