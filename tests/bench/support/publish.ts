import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "../../support/root.js";
import { markdownTable, type Row } from "./table.js";

const README = path.join(root, "tests/bench/README.md");

/** Writes the table of a measure into the README, between its markers; the others stay as they are. */
export function publish(name: string, rows: readonly Row[], circumstances: string) {
  const day = new Date().toISOString().slice(0, 10);
  const content = `${circumstances}, ${day}\n\n${markdownTable(rows)}`;
  writeFileSync(README, between(readFileSync(README, "utf8"), name, content));
}

function between(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from === -1 || to === -1) throw new Error(`README.md has no place for ${name}`);
  return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
}
