import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { root } from "../../support/root.js";

const FOLDER = path.join(root, "public", "js");

/** The bytes of all JavaScript that a browser may load, gzipped file by file. */
export function scriptBytes(): number {
  return readdirSync(FOLDER, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.name.endsWith(".js"))
    .map((entry) => gzipSync(readFileSync(path.join(entry.parentPath, entry.name))).length)
    .reduce((sum, bytes) => sum + bytes, 0);
}
