import assert from "node:assert/strict";
import { test } from "node:test";
import { tidyFileName } from "../../src/lib/file-names.js";

for (const [name, tidied] of [
  ["notes.txt", "notes.txt"],
  [".gitignore", ".gitignore"],
  ["../../etc/passwd", "passwd"],
  ["..\\..\\boot.ini", "boot.ini"],
  ["a/..", "file"],
  ["", "file"],
  [" \t ", "file"],
  ["\u202Etxt.exe\u200B", "txt.exe"],
  ["e\u0301te\u0301.md", "été.md"],
  ["half \uD800 pair", "half pair"],
  [`${"ä".repeat(200)}.tar.gz`, `${"ä".repeat(116)}….gz`],
] as const) {
  test(`a file called ${JSON.stringify(name.slice(0, 20))} is ${tidied.slice(0, 20)}`, () => {
    assert.equal(tidyFileName(name), tidied);
  });
}
