import Database from "better-sqlite3";
import { config } from "../config.js";
import { refuseAfterLostWrite } from "./disk.js";
import { attempt, noted } from "./failures.js";
import { whenOutside } from "./isolation.js";

export const BUSY_TIMEOUT_MS = 50;

interface Write {
  work: () => unknown;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

type Outcome = { value: unknown } | { error: unknown };

let connection: Database.Database | null = null;
const waiting: Write[] = [];
let isCommitting = false;

/**
 * The hot paths' own connection, beside Prisma's: a page and a send in SQL, prepared once. What it reads
 * is what was committed last, so no reader waits for a transaction of Prisma's.
 */
export function openStatements() {
  connection = new Database(config.database.file, { timeout: BUSY_TIMEOUT_MS });
  connection.pragma("synchronous = FULL");
  connection.pragma("foreign_keys = ON");
  connection.pragma("wal_autocheckpoint = 16000");
}

export function closeStatements() {
  connection?.close();
  connection = null;
}

/** A statement with its values by name (`@id`). It runs inside `read` or `write` only. */
export function statement<Values extends object, Row = never>(sql: string) {
  let prepared: Prepared<Values> | null = null;
  const ready = () => {
    if (prepared?.statement.database !== opened()) prepared = prepare(opened(), sql);
    return prepared;
  };
  const all = (values: Values): Row[] => {
    const { statement, names } = ready();
    if (!statement.readonly) refuseOutside(sql);
    return statement.all(values).map((cells) => rowOf(names, cells) as Row);
  };

  return {
    all,
    get: (values: Values): Row | undefined => all(values)[0],
    run: (values: Values) => {
      refuseOutside(sql);
      return ready().statement.run(values);
    },
  };
}

function refuseOutside(sql: string) {
  if (!opened().inTransaction) throw new Error(`outside of write(): ${sql}`);
}

interface Prepared<Values extends object> {
  statement: Database.Statement<Values, unknown[]>;
  names: string[];
}

function prepare<Values extends object>(database: Database.Database, sql: string) {
  const statement = database.prepare<Values, unknown[]>(sql);
  const names = statement.reader ? statement.columns().map(({ name }) => name) : [];
  if (statement.reader) statement.raw();
  return { statement, names };
}

// Made here an object costs a third of what the driver takes for it, cell by cell from C++.
function rowOf(names: string[], cells: unknown[]): object {
  const row: Record<string, unknown> = {};
  for (const [index, name] of names.entries()) row[name] = cells[index];
  return row;
}

/** Runs reading statements, at once and in one go. */
export function read<T>(work: () => T): Promise<T> {
  return attempt(work);
}

/**
 * Runs writing statements as one transaction, in one go. What is asked for at the same time shares one
 * commit, and with it one wait for the disk; what fails is taken back alone. Where the database is busy
 * the work is done again, so it changes nothing but rows.
 *
 * Between the commit and what awaits it are microtasks alone. The generator relies on that: whoever reads an
 * answer's row as running finds its run, unless there is none.
 */
export function write<T>(work: () => T): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    refuseAfterLostWrite();
    waiting.push({ work, resolve: resolve as Write["resolve"], reject });
    commitSoon();
  });
}

// One commit after the other: while the database is busy each try holds up the process, and order would be lost.
function commitSoon() {
  if (isCommitting || waiting.length === 0) return;
  isCommitting = true;
  setImmediate(() => void commitWaiting());
}

// Those who come while this waits for another's transaction, or for a lock, join it.
async function commitWaiting() {
  const writes: Write[] = [];
  const outcomes = await attempt(() =>
    whenOutside(() => {
      writes.push(...waiting.splice(0));
      return writes.length > 0 ? committed(writes) : [];
    }),
  ).catch((error): Outcome[] => writes.map(() => ({ error })));

  for (const [index, { resolve, reject }] of writes.entries()) {
    const outcome = outcomes[index];
    if (outcome && "value" in outcome) resolve(outcome.value);
    else reject(outcome?.error);
  }

  isCommitting = false;
  commitSoon();
}

function committed(writes: Write[]): Outcome[] {
  // Some may have waited since before.
  refuseAfterLostWrite();
  const database = opened();
  database.exec("BEGIN IMMEDIATE");

  try {
    const outcomes = writes.map(({ work }) => alone(database, work));
    database.exec("COMMIT");
    return outcomes;
  } catch (error) {
    if (database.inTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function alone(database: Database.Database, work: () => unknown): Outcome {
  database.exec("SAVEPOINT alone");

  try {
    const value = work();
    database.exec("RELEASE alone");
    return { value };
  } catch (error) {
    // A disk that is full has ended the whole transaction by itself: then all have failed.
    if (!database.inTransaction) throw error;
    database.exec("ROLLBACK TO alone");
    database.exec("RELEASE alone");
    return { error: noted(error) };
  }
}

/** How many pages of the log are not in the database yet (sqlite.org/pragma.html#pragma_wal_checkpoint). */
export function unwrittenPages(): number {
  const [state] = opened().pragma("wal_checkpoint(NOOP)") as {
    log: number;
    checkpointed: number;
  }[];
  return state ? state.log - state.checkpointed : 0;
}

/** A point in time as Prisma stores it. */
export function storedDate(date: Date): string {
  return date.toISOString().replace("Z", "+00:00");
}

function opened(): Database.Database {
  if (connection) {
    return connection;
  } else {
    throw new Error("openDatabase() has not been called");
  }
}
