// Plain JavaScript, because `npm run dev` runs the sources, and a thread of Node 20 reads no TypeScript.
import { parentPort, workerData } from "node:worker_threads";
import Database from "better-sqlite3";

// Only a log of which all is written can begin anew; meanwhile somebody may have committed more.
const ROUNDS = 3;

const database = new Database(workerData, { timeout: 0 });

parentPort?.on("message", () => parentPort?.postMessage(checkpoint()));

/** SQLite's code for what went wrong, or null. */
function checkpoint() {
  try {
    for (let round = 0; round < ROUNDS && left() > 0; round += 1);
    return null;
  } catch (error) {
    return error instanceof Database.SqliteError ? error.code : String(error);
  }
}

/** How many pages are not in the database after a checkpoint (sqlite.org/pragma.html#pragma_wal_checkpoint). */
function left() {
  const [{ log, checkpointed }] = database.pragma("wal_checkpoint(PASSIVE)");
  return log - checkpointed;
}
