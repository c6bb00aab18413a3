import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import Database from "better-sqlite3";
import { config, root } from "../config.js";
import { CannotStart } from "../errors.js";

interface AppliedMigration {
  migration_name: string;
  finished_at: unknown;
  rolled_back_at: unknown;
}

/**
 * Brings the database to the schema of this code and returns the names of the migrations applied.
 * The Prisma CLI takes two seconds to start, so it runs only when something waits.
 */
export async function migrate(): Promise<string[]> {
  mkdirSync(config.database.folder, { recursive: true, mode: 0o700 });
  const waiting = pendingMigrations();

  if (waiting.length > 0) await deploy();
  return waiting;
}

export function pendingMigrations(): string[] {
  const applied = appliedMigrations();
  const known = knownMigrations();
  const unknown = applied.filter((name) => !known.includes(name));

  if (unknown.length > 0) throw new CannotStart(tooNew(unknown));
  return known.filter((name) => !applied.includes(name));
}

function knownMigrations(): string[] {
  return readdirSync(path.join(root, "prisma", "migrations"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

function appliedMigrations(): string[] {
  if (!existsSync(config.database.file)) return [];
  const database = new Database(config.database.file, { readonly: true, timeout: 250 });

  try {
    return history(database)
      .filter((row) => row.finished_at !== null && row.rolled_back_at === null)
      .map((row) => row.migration_name);
  } catch (error) {
    throw new CannotStart(
      `${config.database.file} cannot be read as a database (${(error as Error).message}). ` +
        `Nothing was changed. Put back a backup, or set DATABASE_URL to another file.`,
    );
  } finally {
    database.close();
  }
}

function history(database: Database.Database): AppliedMigration[] {
  const table = database.prepare("SELECT 1 FROM sqlite_master WHERE name = '_prisma_migrations'");
  if (!table.get()) return [];
  return database.prepare("SELECT * FROM _prisma_migrations").all() as AppliedMigration[];
}

async function deploy() {
  const require = createRequire(import.meta.url);
  const cli = path.join(path.dirname(require.resolve("prisma/package.json")), "build", "index.js");
  const child = spawn(process.execPath, [cli, "migrate", "deploy"], {
    cwd: root,
    env: { ...process.env, DATABASE_URL: `file:${config.database.file}` },
    stdio: ["ignore", "pipe", "pipe"],
  });

  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }

  const [code] = await once(child, "close");
  // Were its engine killed, the CLI would end as if all had gone well.
  if (code !== 0 || pendingMigrations().length > 0) {
    throw new CannotStart(`The database could not be migrated:\n${output.trim()}`);
  }
}

function tooNew(unknown: string[]): string {
  return (
    `${config.database.file} was written by a newer AIFacade (it has ${unknown.join(", ")}). ` +
    `Start that version, or put back the backup made before the upgrade.`
  );
}
