import { setTimeout as wait } from "node:timers/promises";
import { Unavailable } from "../errors.js";
import { t } from "../lib/texts.js";
import { noteDiskFailure } from "./disk.js";
import { busyWaits, databaseFailures } from "./metrics.js";
import { Prisma } from "./prisma/client.js";

const BUSY_RETRIES = 50;
const BUSY_PAUSE_MS = 100;

/** Every operation on the database passes here, whoever asks: Prisma or a statement of ours. */
export async function attempt<T>(operation: () => T | Promise<T>, tries = 1): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (!isBusy(error)) throw noted(error);
    if (tries > BUSY_RETRIES) {
      throw new Unavailable(t("The database is busy. Nothing was lost; please try again."), 5);
    }
  }

  busyWaits.inc();
  await wait(BUSY_PAUSE_MS * (0.5 + Math.random()));
  return attempt(operation, tries + 1);
}

/** Counts a failure on its way: every one comes through here. What is the disk's is said in words. */
export function noted(error: unknown): unknown {
  const code = sqliteCode(error) ?? prismaCode(error);
  if (code) databaseFailures.inc({ code });
  return (code && noteDiskFailure(code)) ?? error;
}

/** SQLite's own name for what went wrong, such as SQLITE_FULL; null when it was not SQLite's failure. */
export function sqliteCode(error: unknown): string | null {
  const { code, meta } = (error ?? {}) as { code?: unknown; meta?: DriverMeta };
  const own = meta?.driverAdapterError?.cause?.originalCode ?? code;
  return typeof own === "string" && own.startsWith("SQLITE_") ? own : null;
}

/** Whether a write failed because a row with this unique value is there already. */
export function isTaken(error: unknown): boolean {
  return /^SQLITE_CONSTRAINT_(?:UNIQUE|PRIMARYKEY)$/.test(sqliteCode(error) ?? "");
}

/** Whether a write failed because a row it belongs to is gone. */
export function isGone(error: unknown): boolean {
  if (sqliteCode(error) === "SQLITE_CONSTRAINT_FOREIGNKEY") return true;
  return ["P2025", "P2018"].includes(prismaCode(error) ?? "");
}

function isBusy(error: unknown): boolean {
  return sqliteCode(error)?.startsWith("SQLITE_BUSY") ?? false;
}

function prismaCode(error: unknown): string | null {
  return error instanceof Prisma.PrismaClientKnownRequestError ? error.code : null;
}

interface DriverMeta {
  driverAdapterError?: { cause?: { originalCode?: string } };
}
