import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { config } from "../../config.js";
import { CannotStart } from "../../errors.js";
import { removeLeftovers, sync } from "../../lib/files.js";
import { stamp } from "../backups.js";
import { markAtRest } from "../in-use.js";
import { releaseLock, takeLock } from "../lock.js";
import { SECRETS } from "../secrets.js";
import { unpack } from "./archive.js";
import { DATABASE, type Manifest } from "./manifest.js";

export interface Restored {
  manifest: Manifest;
  /** The folder that holds what was there before, or null where there was nothing. */
  replaced: string | null;
  hasSecrets: boolean;
}

const { file, folder } = config.database;
const WORKSHOP = ".restoring-";
const MARK = `${file}.restoring`;

/** Puts a backup in the place of the database, keeping what it replaces; refused while a server runs. */
export async function restore(archive: string): Promise<Restored> {
  if (!existsSync(archive)) throw new CannotStart(`There is no file ${archive}.`);
  takeLock();

  try {
    removeLeftovers(folder, WORKSHOP);
    return await replace(archive, mkdtempSync(path.join(folder, WORKSHOP)));
  } finally {
    removeLeftovers(folder, WORKSHOP);
    releaseLock();
  }
}

/** Refuses a database whose restore was cut off: files of two times could lie side by side. */
export function refuseHalfRestored(): void {
  if (!existsSync(MARK)) return;
  throw new CannotStart(
    `A restore into ${folder} was cut off. Do it again: npm run task -- restore <archive>`,
  );
}

async function replace(archive: string, unpacked: string): Promise<Restored> {
  const manifest = await unpack(archive, unpacked);
  const hasSecrets = existsSync(path.join(unpacked, SECRETS));
  return { manifest, replaced: exchange(archive, unpacked, hasSecrets), hasSecrets };
}

// A log of the old database beside the new one would be applied to it: so all goes before anything comes.
function exchange(archive: string, unpacked: string, hasSecrets: boolean): string | null {
  for (const name of [DATABASE, ...(hasSecrets ? [SECRETS] : [])]) sync(path.join(unpacked, name));
  writeFileSync(MARK, `${archive}\n`);
  sync(folder);

  const replaced = moveAside(hasSecrets);
  renameSync(path.join(unpacked, DATABASE), file);
  if (hasSecrets) renameSync(path.join(unpacked, SECRETS), path.join(folder, SECRETS));
  markAtRest();
  sync(folder);

  rmSync(MARK);
  return replaced;
}

function moveAside(secretsToo: boolean): string | null {
  const files = [file, `${file}-wal`, `${file}-shm`, `${file}-journal`];
  if (secretsToo) files.push(path.join(folder, SECRETS));
  const there = files.filter((name) => existsSync(name));
  if (there.length === 0) return null;

  const aside = path.join(folder, `replaced-${stamp(new Date())}`);
  mkdirSync(aside, { mode: 0o700 });
  for (const name of there) renameSync(name, path.join(aside, path.basename(name)));
  sync(aside);
  return aside;
}
