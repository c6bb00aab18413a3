import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";
import Database from "better-sqlite3";

const HISTORY = "_prisma_migrations";
const LOCKED = "The database is in use. Stop the server first, then try again.";

/** As Prisma's own engine makes it. */
export const CREATE_HISTORY = `CREATE TABLE "${HISTORY}" (
  "id"                  TEXT PRIMARY KEY NOT NULL,
  "checksum"            TEXT NOT NULL,
  "finished_at"         DATETIME,
  "migration_name"      TEXT NOT NULL,
  "logs"                TEXT,
  "rolled_back_at"      DATETIME,
  "started_at"          DATETIME NOT NULL DEFAULT current_timestamp,
  "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0
)`;

// Prisma's adapter, mended where the engine's WebAssembly build and better-sqlite3 do not fit.
export function adapterFactory(file) {
  const factory = new PrismaBetterSqlite3({ url: file });

  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => closingAtExit(mended(await factory.connect())),
    connectToShadowDb: async () => mended(await factory.connectToShadowDb()),
  };
}

export function dropEverything(file) {
  const database = new Database(file);
  // Virtual tables before the tables behind them, which they take along.
  const found = database.prepare(
    `SELECT type, name FROM sqlite_schema
     WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'
     ORDER BY type DESC, sql LIKE 'CREATE VIRTUAL TABLE %' DESC`,
  );

  database.pragma("foreign_keys = OFF");
  for (const { type, name } of found.all()) database.exec(`DROP ${type} IF EXISTS "${name}"`);
  database.close();
}

function mended(adapter) {
  const { queryRaw, executeRaw, executeScript } = adapter;
  const script = (sql) => named(async () => executeScript.call(adapter, sql));

  return Object.assign(adapter, {
    queryRaw: async (query) => {
      const result = await withHistory(script, query, () => queryRaw.call(adapter, query));
      return withoutOwnTables(query, result);
    },
    executeRaw: async (query) => {
      if (query.args.length > 0) return named(() => executeRaw.call(adapter, query));
      // Whole migrations come as if they were one statement, which better-sqlite3 refuses.
      await script(query.sql);
      return 0;
    },
    executeScript: script,
  });
}

// The engine reads the history before it knows that there is one, and takes this adapter's "no such
// table" for a failure (P1014).
async function withHistory(script, query, run) {
  try {
    return await named(run);
  } catch (error) {
    if (error.cause?.kind !== "TableDoesNotExist" || error.cause.table !== HISTORY) throw error;
  }

  if (query.sql.startsWith("SELECT")) return { columnNames: [], columnTypes: [], rows: [] };
  await script(CREATE_HISTORY);
  return run();
}

// The engine does not know this adapter's name for a locked database.
async function named(run) {
  try {
    return await run();
  } catch (error) {
    throw error.cause?.kind === "SocketTimeout" ? new Error(LOCKED) : error;
  }
}

// The engine takes SQLite's own tables for somebody's, and a database with them for a used one (P3005).
function withoutOwnTables({ sql }, result) {
  if (!sql.includes("FROM sqlite_master")) return result;
  return { ...result, rows: result.rows.filter(([name]) => !`${name}`.startsWith("sqlite_")) };
}

// Closing removes the journal that an exclusive connection keeps. The CLI ends us by SIGTERM.
function closingAtExit(adapter) {
  process.once("exit", () => adapter.dispose());
  process.once("SIGTERM", () => process.exit());
  return adapter;
}
