import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { filesIn, read } from "./sources.js";

const TABLE = "tests/faults/README.md";
const FAULTS = Array.from({ length: 61 }, (_, index) => String(index + 1).padStart(2, "0"));

interface Row {
  fault: string;
  tests: string;
}

const rows = read(TABLE)
  .split("\n")
  .filter((line) => /^\| \d\d \|/.test(line))
  .map((line): Row => {
    const [, fault = "", , , , tests = ""] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    return { fault, tests };
  });

/** The files with a test whose name begins with each fault's number. */
const testFiles = new Map<string, string[]>(FAULTS.map((fault) => [fault, []]));
for (const file of filesIn("tests", ".test.ts")) {
  const numbers = [...read(file).matchAll(/["'`](F-\d\d(?:, F-\d\d)*)[ :]/g)]
    .flatMap(([, list = ""]) => list.split(", "))
    .map((number) => number.slice("F-".length));
  for (const fault of new Set(numbers)) testFiles.get(fault)?.push(file);
}

test("the fault matrix has a row for every fault, in order", () => {
  assert.deepEqual(
    rows.map(({ fault }) => fault),
    FAULTS,
  );
});

test("the rows of the fault matrix name the files with their tests, or say why there are none", () => {
  const folder = path.dirname(TABLE);
  const lies = rows.filter(({ fault, tests }) => {
    const named = [...tests.matchAll(/`([^`]+\.test\.ts)`/g)].map(([, file = ""]) =>
      path.posix.join(folder, file),
    );
    const found = testFiles.get(fault) ?? [];
    const isExplained = named.length > 0 || /^none: .{10,}/.test(tests);
    return !isExplained || named.sort().join() !== found.sort().join();
  });

  assert.deepEqual(
    lies.map(({ fault, tests }) => `F-${fault}: "${tests}", but found ${testFiles.get(fault)}`),
    [],
  );
});
