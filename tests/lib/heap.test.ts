import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

const MODULE = new URL("../../src/lib/heap.js", import.meta.url).href;

// V8 says so on standard error, and nothing else would.
test("this version of Node knows the flag", () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    ["-e", `import(${JSON.stringify(MODULE)}).then((m) => m.keepHeapSmall())`],
    { encoding: "utf8" },
  );
  assert.deepEqual([status, stderr], [0, ""]);
});
