import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { root } from "../support/root.js";

const MOST_SCRIPT_BYTES = 30 * 1024;
const MOST_README_LINES = 200;

test("all JavaScript of a page is at most 30 KB, gzipped file by file", () => {
  const sizes = readdirSync(path.join(root, "public", "js"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".js"))
    .map((file) => gzipSync(readFileSync(path.join(root, "public", "js", file))).length);

  assert.ok(sizes.length > 10);
  assert.ok(sizes.reduce((sum, size) => sum + size) <= MOST_SCRIPT_BYTES);
});

test("the README is short, and what it names is there", () => {
  const readme = readFileSync(path.join(root, "README.md"), "utf8");
  const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, file]) => String(file));

  assert.ok(readme.split("\n").length < MOST_README_LINES);
  assert.ok(links.length > 3);
  for (const file of links) readFileSync(path.join(root, file));
});
