import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "../support/root.js";

/** The files below a folder of the repository whose names end like this; without generated ones. */
export function filesIn(folder: string, ending: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => path.posix.join(folder, name.split(path.sep).join("/")))
    .filter((file) => file.endsWith(ending) && !file.startsWith("src/stores/prisma/"))
    .sort();
}

export function read(file: string): string {
  return readFileSync(path.join(root, file), "utf8");
}

/** A TypeScript or JavaScript file without its comments, so that a word in a reason is no trespass. */
export function code(file: string): string {
  return read(file)
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/^\s*\/\/.*$/gm, "");
}

/** The files of ours that a file imports, now or later (`import()`), as paths in the repository. */
export function importsOf(file: string): string[] {
  return [...code(file).matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map(([, target = ""]) =>
    asSource(path.posix.join(path.posix.dirname(file), target)),
  );
}

/** The packages that a file imports, `node:` ones included. */
export function packagesOf(file: string): string[] {
  return [...code(file).matchAll(/(?:from|import)\s*\(?\s*"([^."][^"]*)"/g)].map(
    ([, name = ""]) => name,
  );
}

function asSource(file: string): string {
  const source = file.replace(/\.js$/, ".ts");
  return existsSync(path.join(root, source)) ? source : file;
}
