import Database from "better-sqlite3";
import { config } from "../config.js";

const CACHE_KIB = 256 * 1024;
const ROWS_PER_TRANSACTION = 50_000;

type Value = string | number | null;

/** Many rows at once, for a database that nobody is using yet. */
export interface Bulk {
  /** Prepares what stores one row and returns its id; values come in the order of the columns. */
  inserting(table: string, columns: readonly string[]): (...values: Value[]) => number;
  /** Prepares what sets one column of the row with this id. */
  setting(table: string, column: string): (value: Value, id: string | number) => void;
  close(): void;
}

/** Few transactions, and the disk is waited for once, at the end: a power cut leaves nothing of use. */
export function openBulk(): Bulk {
  const database = new Database(config.database.file);
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = OFF");
  database.pragma("foreign_keys = OFF");
  database.pragma(`cache_size = -${CACHE_KIB}`);
  database.exec("BEGIN IMMEDIATE");
  let rows = 0;

  function counted() {
    rows += 1;
    if (rows % ROWS_PER_TRANSACTION === 0) database.exec("COMMIT; BEGIN IMMEDIATE");
  }

  return {
    inserting: (table, columns) => {
      const list = columns.map((column) => `"${column}"`).join(", ");
      const places = columns.map(() => "?").join(", ");
      const insert = database.prepare(`INSERT INTO "${table}" (${list}) VALUES (${places})`);
      return (...values) => {
        counted();
        return Number(insert.run(values).lastInsertRowid);
      };
    },
    setting: (table, column) => {
      const update = database.prepare(`UPDATE "${table}" SET "${column}" = ? WHERE "id" = ?`);
      return (value, id) => void update.run(value, id);
    },
    close: () => {
      database.exec("COMMIT");
      database.pragma("synchronous = FULL");
      database.pragma("wal_checkpoint(TRUNCATE)");
      database.close();
    },
  };
}
