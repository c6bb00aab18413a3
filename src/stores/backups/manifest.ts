import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { root } from "../../config.js";
import { SECRETS } from "../secrets.js";

export const MANIFEST = "manifest.json";
export const DATABASE = "aifacade.db";

/** What an archive says of itself; it is the archive's first file. */
const manifest = z.object({
  format: z.literal("aifacade-backup-1"),
  app: z.string(),
  madeAt: z.iso.datetime(),
  migrations: z.array(z.string()),
  rows: z.record(z.string(), z.int()),
  files: z.array(
    z.object({
      name: z.enum([DATABASE, SECRETS]),
      bytes: z.int(),
      sha256: z.string(),
    }),
  ),
});

export type Manifest = z.infer<typeof manifest>;

/** The manifest in a text, or null when it is none that this code can read. */
export function readManifest(text: string): Manifest | null {
  try {
    return manifest.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

export function appVersion(): string {
  return JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")).version;
}
