import { setTimeout as wait } from "node:timers/promises";
import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";
import { config } from "../config.js";
import { Unavailable } from "../errors.js";
import { isolating } from "./isolation.js";
import { busyWaits, databaseFailures } from "./metrics.js";
import { Prisma, PrismaClient } from "./prisma/client.js";

// SQLite waits for a lock inside the call, and with it this whole process: so it waits briefly, we the rest.
const BUSY_TIMEOUT_MS = 50;
const BUSY_RETRIES = 50;
const BUSY_PAUSE_MS = 100;

const adapter = isolating(
  new PrismaBetterSqlite3({
    url: `file:${config.database.file}`,
    timeout: BUSY_TIMEOUT_MS,
  }),
);

// Minimal: a longer error message would quote what was to be stored, and end in the log.
export const db = new PrismaClient({ adapter, errorFormat: "minimal" }).$extends({
  query: { $allOperations: ({ args, query }) => retryWhenBusy(() => query(args)) },
});

/** WAL, so that readers and the writer do not wait for each other; FULL, so that an acknowledged row survives a power cut. */
export async function openDatabase(): Promise<void> {
  await db.$connect();
  await db.$queryRaw`PRAGMA journal_mode = WAL`;
  await db.$queryRaw`PRAGMA synchronous = FULL`;
  await db.$queryRaw`PRAGMA foreign_keys = ON`;
}

export async function closeDatabase(): Promise<void> {
  await db.$disconnect();
}

export async function isDatabaseReady(): Promise<boolean> {
  try {
    await db.$queryRaw`SELECT 1 FROM User LIMIT 1`;
    return true;
  } catch {
    return false;
  }
}

/** Whether a write failed because a row with this unique value is there already. */
export function isTaken(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";
}

/** Whether a write failed because a row it belongs to is gone. */
export function isGone(error: unknown): boolean {
  const codes = ["P2003", "P2025", "P2018"];
  return error instanceof Prisma.PrismaClientKnownRequestError && codes.includes(error.code);
}

async function retryWhenBusy<T>(operation: () => Promise<T>, attempt = 1): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (!isBusy(error)) throw counted(error);
    if (attempt > BUSY_RETRIES) {
      throw new Unavailable("The database is busy. Nothing was lost; please try again.", 5);
    }
  }

  busyWaits.inc();
  await wait(BUSY_PAUSE_MS * (0.5 + Math.random()));
  return retryWhenBusy(operation, attempt + 1);
}

function counted(error: unknown): unknown {
  const isKnown = error instanceof Prisma.PrismaClientKnownRequestError;
  databaseFailures.inc({ code: isKnown ? error.code : "other" });
  return error;
}

// A raw statement has one code for every failure, and tells this one in its message.
function isBusy(error: unknown): boolean {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
  return error.code === "P1008" || (error.code === "P2010" && /SQLITE_BUSY/.test(error.message));
}
