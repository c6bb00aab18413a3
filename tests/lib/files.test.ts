import assert from "node:assert/strict";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { test } from "node:test";
import { sync } from "../../src/lib/files.js";

test("a file whose sync fails is closed all the same", (t) => {
  t.after(syncBuiltinESMExports);
  t.mock.method(fs, "fsyncSync", () => {
    throw new Error("EIO");
  });
  const close = t.mock.method(fs, "closeSync");
  syncBuiltinESMExports();

  assert.throws(() => sync(import.meta.filename), /EIO/);
  assert.equal(close.mock.callCount(), 1);
});
