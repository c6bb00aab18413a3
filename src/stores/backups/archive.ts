import { closeSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import path from "node:path";
import { constants, gunzipSync } from "node:zlib";
import { create, extract, Header, type ReadEntry } from "tar";
import { CannotStart } from "../../errors.js";
import { freeBytes, sha256, sizeOf } from "../../lib/files.js";
import { history, integrityCheck, knownMigrations, reading, rowCounts } from "../database-file.js";
import { SECRETS } from "../secrets.js";
import { DATABASE, MANIFEST, type Manifest, readManifest } from "./manifest.js";

const NAMES = [MANIFEST, DATABASE, SECRETS];
const LARGEST_MANIFEST_BYTES = 1024 * 1024;
const BEGINNING_BYTES = 64 * 1024;
const BLOCK = 512;
// A higher level costs twice the time for a tenth less.
const GZIP_LEVEL = 3;

/** Puts the files of a folder into an archive that only its owner can read, the manifest first. */
export async function pack(folder: string, archive: string): Promise<void> {
  const names = NAMES.filter((name) => readdirSync(folder).includes(name));
  const gzip = { level: GZIP_LEVEL };
  await create({ file: archive, cwd: folder, gzip, portable: true, mode: 0o600 }, names);
}

/**
 * Unpacks an archive into an empty folder and checks all that can be checked; what does not fit is
 * refused. Archives come from anywhere: only plain files with our own names are ever written.
 */
export async function unpack(archive: string, folder: string): Promise<Manifest> {
  const strange = await unpackOurs(archive, folder);
  if (strange) throw refused(archive, `it holds ${JSON.stringify(strange)}`);

  const manifest = manifestIn(folder);
  if (!manifest) throw refused(archive, "it is no backup of AIFacade");

  const complaint = (await fileTrouble(manifest, folder)) ?? databaseTrouble(manifest, folder);
  if (complaint) throw refused(archive, complaint);
  return manifest;
}

/** What an archive says of itself, unchecked and from its beginning; null when it is none of ours. */
export function peek(archive: string): Manifest | null {
  try {
    const head = gunzipSync(beginning(archive), { finishFlush: constants.Z_SYNC_FLUSH });
    const { path: name, size = 0 } = new Header(head);
    return name === MANIFEST ? readManifest(head.toString("utf8", BLOCK, BLOCK + size)) : null;
  } catch {
    return null;
  }
}

export function refused(archive: string, why: string): CannotStart {
  return new CannotStart(`${archive} is not used: ${why}.`);
}

function beginning(archive: string): Buffer {
  const descriptor = openSync(archive, "r");
  try {
    const buffer = Buffer.alloc(BEGINNING_BYTES);
    return buffer.subarray(0, readSync(descriptor, buffer));
  } finally {
    closeSync(descriptor);
  }
}

async function unpackOurs(archive: string, cwd: string): Promise<string | null> {
  const seen = new Set<string>();
  let strange: string | null = null;
  let room = freeBytes(cwd);

  const isOurs = (name: string, entry: ReadEntry) => {
    room -= entry.size;
    const isFine = entry.type === "File" && NAMES.includes(name) && !seen.has(name) && room > 0;
    seen.add(name);
    if (!isFine) strange ??= room > 0 ? name : "more than there is room for";
    return isFine;
  };

  try {
    const filter = (name: string, entry: unknown) => isOurs(name, entry as ReadEntry);
    await extract({ file: archive, cwd, strict: true, filter, fmode: 0o600, noMtime: true });
    return strange;
  } catch (error) {
    throw refused(archive, `it cannot be unpacked (${(error as Error).message})`);
  }
}

function manifestIn(folder: string): Manifest | null {
  const file = path.join(folder, MANIFEST);
  const bytes = sizeOf(file);
  if (bytes === 0 || bytes > LARGEST_MANIFEST_BYTES) return null;
  return readManifest(readFileSync(file, "utf8"));
}

async function fileTrouble({ files }: Manifest, folder: string): Promise<string | null> {
  const expected = [MANIFEST, ...files.map(({ name }) => name)].sort();
  if (String(readdirSync(folder).sort()) !== String(expected)) return "files are missing in it";
  if (!expected.includes(DATABASE)) return "there is no database in it";

  for (const { name, bytes, sha256: digest } of files) {
    const file = path.join(folder, name);
    if (sizeOf(file) !== bytes || (await sha256(file)) !== digest)
      return `${name} in it is not what was backed up (its checksum differs)`;
  }
  return null;
}

function databaseTrouble(manifest: Manifest, folder: string): string | null {
  return reading(path.join(folder, DATABASE), (database) => {
    const damage = integrityCheck(database);
    const applied = history(database);
    const newer = applied.filter((name) => !knownMigrations().includes(name));

    if (damage) return damage;
    if (newer.length > 0) return `it was made by a newer AIFacade (it has ${newer.join(", ")})`;
    if (String(applied) !== String(manifest.migrations)) return "its schema is not what it says";
    if (!isSame(rowCounts(database), manifest.rows)) return "rows are missing in it";
    return null;
  });
}

function isSame(left: Record<string, number>, right: Record<string, number>): boolean {
  const text = (counts: Record<string, number>) => String(Object.entries(counts).sort());
  return text(left) === text(right);
}
