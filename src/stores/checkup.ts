import { existsSync, statSync } from "node:fs";
import path from "node:path";
import type Database from "better-sqlite3";
import { config } from "../config.js";
import { CannotStart, NotNow } from "../errors.js";
import { freeBytes, sizeOf } from "../lib/files.js";
import { bad, examined, type Finding, ok, warn } from "../lib/findings.js";
import { spokenBytes, spokenDuration } from "../lib/spoken.js";
import { peek } from "./backups/archive.js";
import { type Backup, backups, isFromFuture, verify } from "./backups.js";
import { quickCheck, reading } from "./database-file.js";
import { hasLostLog } from "./in-use.js";
import { pendingMigrations } from "./migrations.js";
import { SECRETS } from "./secrets.js";

const HOUR_MS = 3_600_000;
const SCARCE_BYTES = 512 * 1024 * 1024;
// A server's clock is good to minutes; this is about batteries that are empty.
const OLDEST_CLOCK = Date.UTC(2026, 0);

const { file, folder } = config.database;
const secretsFile = path.join(folder, SECRETS);

/** Examines the data folder and changes nothing in it. */
export async function examineStorage(): Promise<Finding[]> {
  if (!existsSync(folder))
    return [warn(`There is no folder ${folder} yet.`, "The first start makes it: npm start")];

  return [
    ...(await examined("Who may look into the files", modes)),
    ...(await examined("The space on the disk", space)),
    ...(await examined("The database", database)),
    ...(await examined("The secrets", secrets)),
    ...(await examined("The backups", newestBackup)),
    ...(await examined("The clock", clock)),
  ];
}

/** Whether this Node is one of package.json's engines. */
export function examineNode(): Finding {
  const { node } = process.versions;
  const [major = 0, minor = 0] = node.split(".").map(Number);
  const willDo = major >= 24 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19);

  return willDo
    ? ok(`Node ${node} will do.`)
    : bad(`Node ${node} is not supported.`, "Install Node 20.19, 22.12, 24 or newer");
}

function modes(): Finding[] {
  return [folder, file, secretsFile].filter((name) => existsSync(name)).map(mode);
}

function mode(name: string): Finding {
  const { mode: bits, uid } = statSync(name);
  const self = process.getuid?.();

  if (process.platform === "win32") return ok(`${name} is there.`);
  if (bits & 0o077)
    return bad(`Others on this machine may look into ${name}.`, `chmod go= ${name}`);
  if (self && uid !== self)
    return warn(
      `${name} belongs to another user than this task runs as.`,
      "Run the task as the server's user",
    );
  return ok(`${name} is its owner's alone.`);
}

function space(): Finding {
  const free = freeBytes(folder);
  const wanted = Math.max(SCARCE_BYTES, 2 * sizeOf(file));
  const what = `${spokenBytes(free)} are free in ${folder}.`;
  return free >= wanted ? ok(what) : warn(what, `Make room: ${spokenBytes(wanted)} would do`);
}

function database(): Finding[] {
  if (!existsSync(file)) return [warn(`There is no database ${file} yet.`, "npm start makes it")];

  try {
    return [...reading(file, soundness), schema(), ...log()];
  } catch (error) {
    return [bad((error as Error).message, "npm run task -- restore <archive>")];
  }
}

function soundness(database: Database.Database): Finding[] {
  const damage = quickCheck(database);
  const journal = database.pragma("journal_mode", { simple: true });

  return [
    damage
      ? bad(`${file} is damaged: ${damage}.`, "npm run task -- restore <archive>")
      : ok(`${file} is sound (${spokenBytes(sizeOf(file))}).`),
    journal === "wal"
      ? ok("The journal mode is WAL.")
      : warn(`The journal mode is ${journal}.`, "The next start of the server sets WAL"),
  ];
}

function schema(): Finding {
  const waiting = pendingMigrations();
  return waiting.length === 0
    ? ok("The schema is the one of this version.")
    : warn(
        `Migrations wait: ${waiting.join(", ")}.`,
        "The next start applies them, after a snapshot",
      );
}

function log(): Finding[] {
  if (!hasLostLog()) return [];
  return [
    warn(
      `A server ended without closing the database, and ${file}-wal is gone since.`,
      "If nobody has opened it meanwhile, put the log or a backup back before the next start",
    ),
  ];
}

function secrets(): Finding {
  const { session, pepper, encryption } = config.secrets;
  if (session && pepper && encryption)
    return ok("The secrets are set by you: keep them with the backups.");
  if (existsSync(secretsFile)) return ok("The secrets are in the data folder, and in each backup.");
  if (!existsSync(file)) return warn("There are no secrets yet.", "The first start makes them");
  if (session && pepper)
    return warn(
      `There is no ${secretsFile}: keys that were entered from the page cannot be read.`,
      "Put it back from a backup, or let the next start make it and enter the keys again",
    );
  return bad(`${secretsFile} is gone: nobody could log in.`, "Put it back from a backup");
}

async function newestBackup(): Promise<Finding[]> {
  const all = backups();
  const ahead = all.filter(isFromFuture).map(fromFuture);
  const newest = all.find((backup) => !isFromFuture(backup));
  if (!newest) return [...ahead, warn("There is no backup yet.", "npm run task -- backup")];

  return [...ahead, age(newest), await validity(newest.file), place(newest.file)];
}

function fromFuture({ file: archive }: Backup): Finding {
  return warn(
    `${path.basename(archive)} is from the future, and does not count.`,
    "Set this machine's clock; where it is right, rename the archive or delete it",
  );
}

function age({ madeAt }: Backup): Finding {
  const { everyHours } = config.backups;
  const ageMs = Date.now() - madeAt.getTime();
  const words = `The newest backup is ${spokenDuration(ageMs / 1000)} old`;

  if (everyHours === 0)
    return warn(
      `${words}, and none are made regularly.`,
      "Set BACKUP_EVERY_HOURS, or back up by cron",
    );
  if (ageMs > 2 * everyHours * HOUR_MS)
    return bad(
      `${words}: the regular ones fail, or no server runs.`,
      "npm run task -- backup says why",
    );
  return ok(`${words}.`);
}

async function validity(archive: string): Promise<Finding> {
  try {
    await verify(archive);
    return ok(`It can be restored (${path.basename(archive)}).`);
  } catch (error) {
    return invalidity(error as Error);
  }
}

function invalidity(error: Error): Finding {
  if (error instanceof NotNow) return warn(error.message, "Examine it again then");
  if (error instanceof CannotStart) return bad(error.message, "npm run task -- backup");
  return warn(
    `The newest backup was not checked (${error.message}).`,
    "Run the task as the server's user",
  );
}

function place(archive: string): Finding {
  const hasSecrets = peek(archive)?.files.some(({ name }) => name === SECRETS);
  if (!hasSecrets && existsSync(secretsFile))
    return bad("The secrets are not in it.", "npm run task -- backup");
  if (statSync(path.dirname(archive)).dev === statSync(folder).dev)
    return warn(
      "It is on the same disk as the database, and would be lost with it.",
      "Set BACKUP_FOLDER to another disk, or copy the archives elsewhere",
    );
  return ok("It is on another disk than the database.");
}

function clock(): Finding {
  const now = Date.now();
  const written = existsSync(file) ? statSync(file).mtimeMs : now;
  const what = `This machine's clock says ${new Date(now).toISOString().slice(0, 16)} UTC.`;

  if (now < OLDEST_CLOCK || written - now > HOUR_MS)
    return bad(
      `${what} The database was written later than that.`,
      "Set the clock, then keep it by NTP",
    );
  return ok(what);
}
