import assert from "node:assert/strict";
import { test } from "node:test";
import { downloadName } from "../../src/lib/download-names.js";

const CASES: [title: string, name: string][] = [
  ["How do trains brake?", "How do trains brake"],
  ["../../etc/passwd", "etc-passwd"],
  ["..\\..\\windows\\system.ini", "windows-system.ini"],
  ['a/b:c*d?e"f<g>h|i%2e', "a-b-c-d-e-f-g-h-i-2e"],
  ["CON", "conversation CON"],
  ["lpt1", "conversation lpt1"],
  ["", "conversation"],
  [" . . ", "conversation"],
  ["\u0000\r\nSet-Cookie: a=b", "Set-Cookie- a=b"],
  ["\u202Egnp.exe", "gnp.exe"],
  ["Grüße, 世界 🚂", "Grüße, 世界 🚂"],
  ["\ud800 half", "\ufffd half"],
  ["x".repeat(5000), `${"x".repeat(80)}`],
];

for (const [title, name] of CASES) {
  test(`a file of ${JSON.stringify(title.slice(0, 40))} is called ${name.slice(0, 40)}`, () => {
    assert.equal(downloadName(title), name);
  });
}
