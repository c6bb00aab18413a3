import assert from "node:assert/strict";
import { test } from "node:test";
import { timeTag } from "../../src/helpers/time.js";

test("a time is told in UTC, for machines too", () => {
  const html = timeTag(new Date("2026-11-23T20:05:00Z")).replace(/\s/g, " ");
  assert.equal(html, '<time datetime="2026-11-23T20:05:00.000Z">Nov 23, 2026, 8:05 PM UTC</time>');
});
