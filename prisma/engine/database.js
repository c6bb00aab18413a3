import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";
import Database from "better-sqlite3";

const HISTORY = "_prisma_migrations";

// As Prisma's own engine makes it.
const CREATE_HISTORY = `CREATE TABLE "${HISTORY}" (
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
  const { queryRaw, executeRaw } = adapter;

  return Object.assign(adapter, {
    queryRaw: (query) => withHistory(adapter, query, () => queryRaw.call(adapter, query)),
    executeRaw: (query) => {
      // Whole migrations come as if they were one statement, which better-sqlite3 refuses.
      if (query.args.length === 0) return adapter.executeScript(query.sql).then(() => 0);
      return executeRaw.call(adapter, query);
    },
  });
}

// The engine reads the history before it knows that there is one, and takes this adapter's "no such
// table" for a failure (P1014). It also takes SQLite's own tables for somebody's (P3005).
async function withHistory(adapter, query, run) {
  try {
    return withoutOwnTables(query, await run());
  } catch (error) {
    if (error.cause?.kind !== "TableDoesNotExist" || error.cause.table !== HISTORY) throw error;
  }

  if (query.sql.startsWith("SELECT")) return { columnNames: [], columnTypes: [], rows: [] };
  await adapter.executeScript(CREATE_HISTORY);
  return run();
}

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
