import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { startApp } from "../support/app.js";
import { status } from "../support/fake-deepseek.js";
import { addProvider } from "../support/providers.js";
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

test("each provider that speaks DeepSeek's dialect shows its own, which lasts by what that one has cost", async () => {
  const { id } = await addProvider(ada, fake, { name: "Other account", dialect: "deepseek" });
  await addProvider(ada, fake, { name: "House", dialect: "generic" });
  fake.balance = {
    is_available: true,
    balance_infos: [{ currency: "USD", total_balance: "7.00" }],
  };
  const text = async () => (await ada.get("/admin")).words(`[aria-labelledby="balance-${id}"]`);
  for (let tries = 0; tries < 200 && !/\$/.test(await text()); tries += 1) await pause(20);

  assert.match(await text(), /^Balance at Other account \$7\.00\. As of /);
  assert.doesNotMatch((await ada.get("/admin")).words("main"), /Balance at House/);
  app.database.exec(`UPDATE Usage SET providerId = '${id}'`);
  assert.match(await text(), /\$7\.00: about 3 days at the pace/);
  assert.doesNotMatch(section(await ada.get("/admin")), /at the pace/);
});
