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
  standalone: Standalone;
}

/** For a page that is a file of its own: the style of what it shows, and a policy that lets it load nothing. */
interface Standalone {
  style: string;
  policy: string;
}

// What a conversation on paper is made of; the first says in which order they count.
const ON_PAPER =
  "_global reset base callouts code markdown math messages paper print utilities".split(" ");

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
      `<svg class="icon" aria-hidden="true"><use href="${url("images/icons.svg")}#${name}"/></svg>`,
    standalone: standaloneOf(folder, files),
  };
}

function standaloneOf(folder: string, files: string[]): Standalone {
  const sheets = ON_PAPER.map((name) => `css/${name}.css`).filter((file) => files.includes(file));
  const texts = sheets.map((file) => readFileSync(path.join(folder, file), "utf8"));
  const css = texts.map(withoutAddresses).join("");
  const digest = createHash("sha256").update(css).digest("base64");

  return {
    style: `<style>${css}</style>`,
    policy: `default-src 'none'; img-src data:; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`,
  };
}

// The icons of callouts are another file: without it, the words say which it is.
function withoutAddresses(css: string): string {
  return css
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/^.*\burl\(.*\n/gm, "")
    .replace(/mask: var\(--callout-icon\)[^;]*;/, "display: none;")
    .replace(/\n\s*/g, "\n");
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
