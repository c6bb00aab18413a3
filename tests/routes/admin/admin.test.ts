import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../support/app.js";

const app = await startApp();
const ada = await app.signedIn("ada");
const grace = await app.signedIn("grace");

test("administrators see who is here and which model answers, from their account page", async () => {
  const account = await ada.get("/account");
  assert.equal(account.$('main a[href="/admin"]').length, 1);

  const page = await ada.get("/admin");
  assert.equal(page.status, 200);
  assert.match(page.words("main"), /DeepSeek.Flash, asked at 127\.0\.0\.1:\d+/i);
  assert.match(page.words("tbody tr:first-child"), /^ada Administrator/);
  assert.match(page.words("tbody tr:last-child"), /^grace/);
});

test("others are neither led there nor let in", async () => {
  assert.equal((await grace.get("/account")).$('a[href="/admin"]').length, 0);

  const page = await grace.get("/admin");
  assert.equal(page.status, 403);
  assert.doesNotMatch(page.words("main"), /ada|asked at/);
});
