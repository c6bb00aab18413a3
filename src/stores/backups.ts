import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { config } from "../config.js";
import { CannotStart, NotNow } from "../errors.js";
import { freeBytes, removeLeftovers, sha256, sizeOf, sync } from "../lib/files.js";
import { spokenBytes } from "../lib/spoken.js";
import { pack, peek, refused, unpack } from "./backups/archive.js";
import { appVersion, DATABASE, MANIFEST, type Manifest } from "./backups/manifest.js";
import { copyDatabase, history, inWords, openToRead, reading, rowCounts } from "./database-file.js";
import { hold } from "./lock.js";
import { SECRETS } from "./secrets.js";

export interface Backup {
  file: string;
  madeAt: Date;
  bytes: number;
  /** The version that was about to migrate the database, for a snapshot. */
  before: string | null;
}

const NAME = /^aifacade-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z(?:-before-([\w.-]+))?\.tar\.gz$/;
const WORKSHOP = ".making-";
const KEPT_SNAPSHOTS = 3;
const MEGABYTE = 1024 * 1024;
// Beyond the copy and its archive: whoever writes beside us needs some too.
const SPARE_BYTES = 32 * MEGABYTE;

/** The backups in the backup folder, the newest first. */
export function backups(): Backup[] {
  if (!existsSync(config.backups.folder)) return [];
  return readdirSync(config.backups.folder).sort().reverse().flatMap(read);
}

/** Whether a clock that was wrong has dated it: then it is not the newest, and pushes no other out. */
export function isFromFuture({ madeAt }: Backup): boolean {
  return madeAt.getTime() > Date.now();
}

/** Makes a backup beside whoever uses the database, restores it aside and checks it, and prunes old ones. */
export async function backUp(): Promise<Backup> {
  const backup = await make("");
  prune(
    backups().filter(({ before }) => before === null),
    config.backups.keep,
  );
  return backup;
}

/** The backup before a migration: kept apart from the others, which would soon push it out. */
export async function snapshot(): Promise<Backup> {
  const backup = await make(`-before-${appVersion()}`);
  prune(
    backups().filter(({ before }) => before !== null),
    KEPT_SNAPSHOTS,
  );
  return backup;
}

/** Unpacks and checks a backup as a restore would; throws what is wrong with it, or NotNow. */
export function verify(archive: string): Promise<Manifest> {
  return inWorkshop((workshop) => {
    refuseWithoutRoomFor(archive);
    return unpack(archive, workshop);
  });
}

async function make(suffix: string): Promise<Backup> {
  const name = `aifacade-${stamp(new Date())}${suffix}.tar.gz`;
  const file = path.join(config.backups.folder, name);

  await inWorkshop(async (workshop) => {
    refuseWithoutRoom();
    await makeIn(workshop, file);
  });
  return read(name)[0] as Backup;
}

// The name is given last: under it there are only backups that were whole when they were made.
async function makeIn(workshop: string, file: string) {
  const contents = path.join(workshop, "contents");
  const restored = path.join(workshop, "restored");
  const archive = path.join(workshop, "archive");
  for (const folder of [contents, restored]) mkdirSync(folder, { mode: 0o700 });

  await collect(contents);
  await pack(contents, archive);
  rmSync(contents, { recursive: true });
  sync(archive);
  await unpack(archive, restored).catch(notKept);
  renameSync(archive, file);
  sync(path.dirname(file));
}

function notKept(error: Error): never {
  throw new CannotStart(
    `The backup that was made just now is not good, and was not kept. ${error.message}`,
  );
}

async function collect(folder: string) {
  const copy = path.join(folder, DATABASE);
  const secrets = path.join(config.database.folder, SECRETS);

  await copyTo(copy);
  chmodSync(copy, 0o600);
  if (existsSync(secrets)) copyFileSync(secrets, path.join(folder, SECRETS));
  const names = ([DATABASE, SECRETS] as const).filter((name) =>
    existsSync(path.join(folder, name)),
  );
  const manifest = await describe(folder, names);
  writeFileSync(path.join(folder, MANIFEST), JSON.stringify(manifest, null, 2));
}

async function copyTo(copy: string) {
  const source = openToRead(config.database.file);
  try {
    await copyDatabase(source, copy);
  } catch (error) {
    throw inWords(config.database.file, error);
  } finally {
    source.close();
  }
}

async function describe(
  folder: string,
  names: Manifest["files"][number]["name"][],
): Promise<Manifest> {
  const files = names.map(async (name) => {
    const file = path.join(folder, name);
    return { name, bytes: sizeOf(file), sha256: await sha256(file) };
  });
  const contents = reading(path.join(folder, DATABASE), (database) => ({
    migrations: history(database),
    rows: rowCounts(database),
  }));

  return {
    format: "aifacade-backup-1",
    app: appVersion(),
    madeAt: new Date().toISOString(),
    ...contents,
    files: await Promise.all(files),
  };
}

// One backup at a time: whoever holds the lock may take away what a killed one has left.
async function inWorkshop<T>(work: (workshop: string) => Promise<T>): Promise<T> {
  const { folder } = config.backups;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = hold(path.join(folder, ".lock"));
  if (!lock) throw new NotNow("Another backup is being made or checked. Try again in a minute.");

  try {
    removeLeftovers(folder, WORKSHOP);
    return await work(mkdtempSync(path.join(folder, WORKSHOP)));
  } finally {
    removeLeftovers(folder, WORKSHOP);
    lock.close();
  }
}

function refuseWithoutRoom() {
  const { file } = config.database;
  const lack = lackOfRoom(2 * (sizeOf(file) + sizeOf(`${file}-wal`)));
  if (!lack) return;

  throw new CannotStart(
    `No backup was made: ${lack}. Make room there, lower BACKUP_KEEP, or set BACKUP_FOLDER to another disk.`,
  );
}

function refuseWithoutRoomFor(archive: string) {
  const manifest = peek(archive);
  if (!manifest) throw refused(archive, "it is no backup of AIFacade");

  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  const lack = lackOfRoom(bytes);
  if (lack) throw new NotNow(`${archive} was not checked: ${lack}.`);
}

// The reserve too: below it the server would take nothing new meanwhile.
function lackOfRoom(bytes: number): string | null {
  const { folder } = config.backups;
  const reserve = config.database.reserveMegabytes * MEGABYTE;
  const needed = bytes + Math.max(SPARE_BYTES, reserve);
  const free = freeBytes(folder);
  if (free >= needed) return null;

  return `it needs ${spokenBytes(needed)} in ${folder}, and ${spokenBytes(free)} are free`;
}

function prune(list: Backup[], keep: number) {
  const past = list.filter((backup) => !isFromFuture(backup));
  for (const { file } of past.slice(keep)) rmSync(file, { force: true });
}

function read(name: string): Backup[] {
  const [, year, month, day, hour, minute, second, before] = NAME.exec(name) ?? [];
  if (!year) return [];

  const file = path.join(config.backups.folder, name);
  const madeAt = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return [{ file, madeAt, bytes: sizeOf(file), before: before ?? null }];
}

/** 20261123T231500Z: a moment as part of a file's name. */
export function stamp(moment: Date): string {
  return moment.toISOString().replace(/[-:]|\.\d+/g, "");
}
