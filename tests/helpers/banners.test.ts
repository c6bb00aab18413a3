import assert from "node:assert/strict";
import { test } from "node:test";
import { bannersFor } from "../../src/helpers/banners.js";

const WELL = {
  circuit: "closed",
  retryInMs: null,
  absence: null,
  refusal: null,
  refusing: [],
  backupFailed: false,
  storageTrouble: null,
};

test("where all is well there is no banner", () => {
  assert.deepEqual(bannersFor(WELL, true), []);
});

test("a backup that failed is told to administrators, and to nobody else", () => {
  const failed = { ...WELL, backupFailed: true };
  assert.match(String(bannersFor(failed, true)[0]?.text), /^The last regular backup failed\./);
  assert.deepEqual(bannersFor(failed, false), []);
});
