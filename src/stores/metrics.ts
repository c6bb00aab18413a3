import { config } from "../config.js";
import { freeBytes, sizeOf } from "../lib/files.js";
import { counter, gauge } from "../lib/metrics.js";

const { file, folder } = config.database;

export const busyWaits = counter(
  "aifacade_database_busy_waits_total",
  "Times that a statement waited because another process was writing.",
);
export const databaseFailures = counter(
  "aifacade_database_failures_total",
  "Statements that failed, by SQLite's code or Prisma's; SQLITE_CONSTRAINT and P20 are refusals that the rules expect.",
  ["code"],
);

gauge("aifacade_database_size_bytes", "Size of the database file.", () => sizeOf(file));
gauge("aifacade_database_wal_size_bytes", "Size of the write-ahead log beside it.", () =>
  sizeOf(`${file}-wal`),
);
gauge("aifacade_disk_free_bytes", "Space that is left where the database is.", freeSpace);

function freeSpace(): number | null {
  try {
    return freeBytes(folder);
  } catch {
    return null;
  }
}
