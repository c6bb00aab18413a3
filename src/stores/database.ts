import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";
import { config } from "../config.js";
import { refuseAfterLostWrite } from "./disk.js";
import { attempt } from "./failures.js";
import { isolating } from "./isolation.js";
import { PrismaClient } from "./prisma/client.js";
import { BUSY_TIMEOUT_MS, closeStatements, openStatements, read, statement } from "./statements.js";

const READS = /^(?:find|count|aggregate|groupBy|\$queryRaw)/;
const ANYBODY = statement("SELECT 1 FROM User LIMIT 1");

const adapter = isolating(
  new PrismaBetterSqlite3({
    url: `file:${config.database.file}`,
    // SQLite waits for a lock inside the call, and with it this whole process: so it waits briefly, we the rest.
    timeout: BUSY_TIMEOUT_MS,
  }),
);

// Minimal: a longer error message would quote what was to be stored, and end in the log.
export const db = new PrismaClient({ adapter, errorFormat: "minimal" }).$extends({
  query: {
    $allOperations: ({ operation, args, query }) => {
      if (!READS.test(operation)) refuseAfterLostWrite();
      return attempt(() => query(args));
    },
  },
});

/**
 * WAL, so that readers and the writer do not wait for each other; FULL, so that an acknowledged row survives a power
 * cut. SQLite's own 1,000 pages (of 4 KB) before it writes the log into the database made every few hundredth commit
 * ten times as long: a thread does it (wal-checkpoint.ts), and a commit only where that does not keep up.
 */
export async function openDatabase(): Promise<void> {
  await db.$connect();
  await db.$queryRaw`PRAGMA journal_mode = WAL`;
  await db.$queryRaw`PRAGMA synchronous = FULL`;
  await db.$queryRaw`PRAGMA foreign_keys = ON`;
  await db.$queryRaw`PRAGMA wal_autocheckpoint = 16000`;
  openStatements();
}

export async function closeDatabase(): Promise<void> {
  closeStatements();
  await db.$disconnect();
}

export async function isDatabaseReady(): Promise<boolean> {
  try {
    await read(() => ANYBODY.get({}));
    return true;
  } catch {
    return false;
  }
}
