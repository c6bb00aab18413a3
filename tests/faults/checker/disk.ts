import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import path from "node:path";

const MEGABYTE = Buffer.alloc(1024 * 1024);
const BLOCK = Buffer.alloc(4096);

/** A small disk of its own, which can be filled. */
export interface Disk {
  folder: string;
  /** Null where this disk cannot be filled without filling that of the machine. */
  fill: (() => void) | null;
  free(): void;
  remove(): void;
}

/** A tmpfs where this process may mount one, else a plain folder that cannot be filled. */
export function openDisk(folder: string, megabytes: number): Disk {
  mkdirSync(folder, { recursive: true });
  const options = ["-t", "tmpfs", "-o", `size=${megabytes}m`, "aifacade-faults", folder];
  const isMounted = spawnSync("mount", options).status === 0;
  const ballast = path.join(folder, "ballast");

  return {
    folder,
    fill: isMounted ? () => fill(ballast) : null,
    free: () => rmSync(ballast, { force: true }),
    remove: () => {
      if (isMounted) spawnSync("umount", ["--lazy", folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function fill(ballast: string) {
  const descriptor = openSync(ballast, "w");
  for (const piece of [MEGABYTE, BLOCK]) {
    while (fits(descriptor, piece)) {}
  }
  closeSync(descriptor);
}

function fits(descriptor: number, piece: Buffer): boolean {
  try {
    return writeSync(descriptor, piece) === piece.length;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOSPC") return false;
    throw error;
  }
}
