import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { startApp } from "../support/app.js";
import { status } from "../support/fake-deepseek.js";
import type { Page } from "../support/visitor.js";

const app = await startApp({ DEEPSEEK_DIALECT: "deepseek" });
const ada = await app.signedIn("ada");
const { fake } = app;
app.database.exec("UPDATE Price SET validFrom = 0, peakWeek = ''");

const section = (page: Page) => page.words('[aria-labelledby="admin-balance"]');

test("the balance shows with how long it lasts; a provider that takes its time holds up no page", async () => {
  // What 120 tokens read, 64 of them from the cache, and 40 written cost, in a week: 110 dollars last for longer.
  await ada.talk("Spend something");
  const { balance } = fake;
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  fake.balance = async (exchange) => {
    await answered;
    await status(200, balance as object)(exchange);
  };

  assert.match(section(await ada.get("/admin")), /It is being asked for\. Reload/);
  assert.match(section(await ada.get("/admin")), /It is being asked for/);
  answer();

  let text = "";
  for (let tries = 0; tries < 200 && !/\$/.test(text); tries += 1) {
    await pause(20);
    text = section(await ada.get("/admin"));
  }
  assert.match(text, /\$110\.00: more than 1,000 days at the pace of the last 7 days\. As of /);
  assert.equal(fake.balanceRequests.length, 1);
  assert.equal(fake.balanceRequests[0]?.path, "/user/balance");
});

test("what was spent meanwhile makes it last shorter", async () => {
  app.database.exec("UPDATE Usage SET promptTokens = 100000000");
  assert.match(section(await ada.get("/admin")), /\$110\.00: about 51 days at the pace/);
});
