import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** What is in public/: versioned addresses, so that a browser keeps each file for a year and never too long. */
export interface Assets {
  version: string;
  url(file: string): string;
  /** Those of every page; what is in a folder of its own is for a page that asks for it. */
  stylesheets: string[];
  icon(name: string): string;
}

/** The version is also that of what is kept elsewhere, and served beside them. */
export function readAssets(folder: string, elsewhere: string[] = []): Assets {
  const files = filesIn(folder);
  const version = digestOf(folder, [...files, ...elsewhere]);
  const url = (file: string) => `/assets/${version}/${file}`;

  return {
    version,
    url,
    stylesheets: files.filter((file) => /^css\/[^/]+\.css$/.test(file)),
    icon: (name) =>
      `<svg class="icon" aria-hidden="true"><use href="${url("images/icons.svg")}#${name}"></use></svg>`,
  };
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .map((file) => file.split(path.sep).join("/"))
    .sort();
}

function digestOf(folder: string, files: string[]): string {
  const hash = createHash("sha256");
  for (const file of files) hash.update(file).update(readFileSync(path.resolve(folder, file)));
  return hash.digest("base64url").slice(0, 12);
}
