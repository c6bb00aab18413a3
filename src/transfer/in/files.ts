// Where a file that came lies until it is taken in: as it came, and as what was read of it.
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { config } from "../../config.js";

const { folder } = config.imports;

/** How the name of a file begins while it comes. */
export const COMING = "coming-";

/** The folder for what comes, which only its owner can read. */
export function importFolder(): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

export function uploaded(id: string): string {
  return path.join(folder, `${id}.upload`);
}

export function staged(id: string): string {
  return path.join(folder, `${id}.lines`);
}

export function forget(id: string) {
  for (const file of [uploaded(id), staged(id)]) rmSync(file, { force: true });
}
