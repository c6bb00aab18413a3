import assert from "node:assert/strict";
import { test } from "node:test";
import { fileName } from "../../src/lib/file-names.js";

const CASES: [title: string, name: string][] = [
  ["How do trains brake?", "How do trains brake.md"],
  ["../../etc/passwd", "etc-passwd.md"],
  ["..\\..\\windows\\system.ini", "windows-system.ini.md"],
  ["a/b:c*d?e\"f<g>h|i%2e", "a-b-c-d-e-f-g-h-i-2e.md"],
  ["CON", "conversation CON.md"],
  ["lpt1", "conversation lpt1.md"],
  ["", "conversation.md"],
  [" . . ", "conversation.md"],
  ["\u0000\r\nSet-Cookie: a=b", "Set-Cookie- a=b.md"],
  ["\u202Egnp.exe", "gnp.exe.md"],
  ["Grüße, 世界 🚂", "Grüße, 世界 🚂.md"],
  ["\ud800 half", "\ufffd half.md"],
  ["x".repeat(5000), `${"x".repeat(80)}.md`],
];

for (const [title, name] of CASES) {
  test(`a file of ${JSON.stringify(title.slice(0, 40))} is called ${name.slice(0, 40)}`, () => {
    assert.equal(fileName(title, "md"), name);
  });
}
