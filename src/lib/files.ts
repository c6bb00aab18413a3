import { createHash } from "node:crypto";
import {
  closeSync,
  createReadStream,
  fsyncSync,
  openSync,
  readdirSync,
  rmSync,
  statfsSync,
  statSync,
} from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";

/** SHA-256 of a file, as hex: what `sha256sum` prints. */
export async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/** Waits until a file, or the names in a folder, would survive a power cut. */
export function sync(name: string): void {
  // Windows opens no folder, and has no need to.
  if (process.platform === "win32" && statSync(name).isDirectory()) return;
  const descriptor = openSync(name, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Takes away what a folder holds under names that begin so, and what nobody has written to for so long. */
export function removeLeftovers(folder: string, prefix: string, unchangedMs = 0): void {
  const names = readdirSync(folder).filter((name) => name.startsWith(prefix));
  for (const file of names.map((name) => path.join(folder, name))) {
    const changedAt = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (unchangedMs === 0 || changedAt < Date.now() - unchangedMs)
      rmSync(file, { recursive: true, force: true });
  }
}

/** How many bytes of a file there are; 0 when there is no file. */
export function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** How many bytes may still be written where this folder is. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
