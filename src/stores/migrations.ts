import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import Database from "better-sqlite3";
import { config, root } from "../config.js";
import { CannotStart } from "../errors.js";
import { removeLeftovers, sizeOf, sync } from "../lib/files.js";
import { announce } from "../lib/log.js";
import { randomToken } from "../lib/tokens.js";
import { refuseHalfRestored } from "./backups/restore.js";
import { snapshot } from "./backups.js";
import {
  appliedMigrations,
  copyDatabase,
  knownMigrations,
  refuseUnsound,
  unusable,
} from "./database-file.js";

/**
 * Brings the database to the schema of this code and returns the names of the migrations applied;
 * whoever calls it holds the lock. A copy is migrated and then takes the database's place, so that a
 * migration that fails or is killed leaves the database as it was. The Prisma CLI takes two seconds
 * to start, so it runs only when something waits.
 */
export async function migrate(): Promise<string[]> {
  mkdirSync(config.database.folder, { recursive: true, mode: 0o700 });
  refuseHalfRestored();
  refuseUnsound(config.database.file);
  const waiting = pendingMigrations();

  if (waiting.length > 0) await migrateCopy();
  return waiting;
}

export function pendingMigrations(): string[] {
  return missingIn(config.database.file);
}

function missingIn(file: string): string[] {
  const applied = appliedMigrations(file);
  const known = knownMigrations();
  const unknown = applied.filter((name) => !known.includes(name));

  if (unknown.length > 0) throw unusable(file, tooNew(unknown));
  return known.filter((name) => !applied.includes(name));
}

async function migrateCopy() {
  const { file, folder } = config.database;
  // A name of its own: the CLI of a start that was killed may still be at work on its copy.
  const copy = `${file}.migrating-${randomToken(6)}`;
  const saved = existsSync(file) ? await snapshotFirst() : null;
  removeLeftovers(folder, `${path.basename(file)}.migrating-`);
  // SQLite would let everybody on this machine read it, and the log beside it.
  writeFileSync(copy, "", { mode: 0o600 });

  if (saved) {
    announce("Migrating it. A large one takes minutes, and stays as it is until all is done.");
    await replaceBy(copy, () => deploy(copy, saved));
  } else {
    await deploy(copy, null);
    put(copy, file);
  }
}

async function snapshotFirst(): Promise<string> {
  announce("A newer schema: taking a snapshot of the database before it is migrated.");
  const { file } = await snapshot();
  announce(`The snapshot is ${file}.`);
  return file;
}

// Nobody else may read or write from the copy on until the database has been replaced.
async function replaceBy(copy: string, change: () => Promise<void>) {
  const file = realpathSync(config.database.file);
  const original = openAlone(file);

  try {
    await copyDatabase(original, copy);
    await change();
    original.pragma("wal_checkpoint(TRUNCATE)");
  } finally {
    original.close();
  }

  // A log that is still there would be applied to the new file.
  if (sizeOf(`${file}-wal`) > 0) throw new CannotStart(inUse());
  chmodSync(copy, statSync(file).mode);
  put(copy, file);
}

function openAlone(file: string): Database.Database {
  const database = new Database(file, { fileMustExist: true, timeout: 1000 });
  try {
    database.pragma("locking_mode = EXCLUSIVE");
    database.exec("BEGIN EXCLUSIVE; COMMIT");
    return database;
  } catch {
    database.close();
    throw new CannotStart(inUse());
  }
}

function put(copy: string, file: string) {
  sync(copy);
  renameSync(copy, file);
  sync(path.dirname(file));
}

async function deploy(file: string, saved: string | null) {
  const require = createRequire(import.meta.url);
  const cli = path.join(path.dirname(require.resolve("prisma/package.json")), "build", "index.js");
  const child = spawn(process.execPath, [cli, "migrate", "deploy"], {
    cwd: root,
    env: { ...process.env, DATABASE_URL: `file:${file}` },
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
  if (code !== 0 || missingIn(file).length > 0) throw new CannotStart(failed(output.trim(), saved));
}

function failed(output: string, saved: string | null): string {
  const kept = saved ? ` It is as it was; a snapshot of it is ${saved}.` : "";
  return `The database could not be migrated.${kept}\n${output}`;
}

function inUse(): string {
  return (
    `${config.database.file} cannot be migrated while another program has it open. ` +
    "Stop that one (a task, sqlite3, Litestream), then start again."
  );
}

function tooNew(unknown: string[]): string {
  return (
    `it was written by a newer AIFacade: it has ${unknown.join(", ")}, ` +
    `and this one knows no more than ${knownMigrations().at(-1)}`
  );
}
