import assert from "node:assert/strict";
import { test } from "node:test";
import { browserDoors, type Door, doors, unescaped } from "./doors.js";
import { code, filesIn, read } from "./sources.js";

const server = [...filesIn("src", ".ts"), ...filesIn("prisma", ".ts")];
const browser = filesIn("public/js", ".js");

function trespasses({ looksLike, keepers }: Door, files: string[]): string[] {
  return files
    .filter((file) => !keepers.some((keeper) => file.startsWith(keeper)))
    .filter((file) => looksLike.test(code(file)));
}

for (const door of doors) {
  test(`${door.power}: ${door.keepers.join(", ") || "nobody"}`, () => {
    assert.deepEqual(trespasses(door, server), []);
  });
}

for (const door of browserDoors) {
  test(`in the browser, ${door.power}: ${door.keepers.join(", ") || "nobody"}`, () => {
    assert.deepEqual(trespasses(door, browser), []);
  });
}

test("a template writes without escaping only what is safe HTML already", () => {
  const trespasses = filesIn("views", ".ejs").flatMap((file) =>
    [...read(file).matchAll(/<%-([\s\S]*?)[-_]?%>/g)]
      .map(([, expression = ""]) => expression.trim())
      .filter((expression) => !unescaped.some((like) => like.test(expression)))
      .map((expression) => `${file}: <%- ${expression}`),
  );
  assert.deepEqual(trespasses, []);
});
