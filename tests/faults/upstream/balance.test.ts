import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { startApp } from "../../support/app.js";
import { status } from "../../support/fake-deepseek.js";
import type { Page } from "../../support/visitor.js";

const app = await startApp({ DEEPSEEK_DIALECT: "deepseek" });
const ada = await app.signedIn("ada");
const section = (page: Page) => page.words('[aria-labelledby="admin-balance"]');

test("a balance that cannot be read is said, and not asked for again at once", async () => {
  app.fake.balance = status(500);
  let text = section(await ada.get("/admin"));
  for (let tries = 0; tries < 200 && !/could not be read/.test(text); tries += 1) {
    await pause(20);
    text = section(await ada.get("/admin"));
  }
  assert.match(text, /could not be read just now/);
  assert.equal(app.fake.balanceRequests.length, 1);
});
