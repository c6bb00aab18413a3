import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { startApp } from "../support/app.js";
import type * as scenario from "../support/fake-deepseek.js";

// A server of one's own, whose list alone tells the model, and which is still starting.
const app = await startApp({ DEEPSEEK_MODEL: "", DEEPSEEK_API_KEY: "" });
const { currentModel, refreshed, contextTokens } = await import("../../src/generator/catalogue.js");
await refreshed();
const ada = await app.signedIn("ada");
const { models } = app.fake;

test("the model on the list answers, by its name, with the room that it has", async () => {
  await ada.talk("Who are you?");

  assert.deepEqual(currentModel(), { id: "deepseek-flash", name: "DeepSeek Flash", demo: false });
  assert.equal(contextTokens({ providerId: null, model: "deepseek-flash" }), 1_048_576);
  assert.equal(contextTokens({ providerId: null, model: "another" }), 65_536);
  assert.equal(app.fake.requests.at(-1)?.body.model, "deepseek-flash");
  assert.equal(app.fake.requests.at(-1)?.headers.authorization, undefined);
});

test("no page waits for a list that is slow, and what was known stays known", async (t) => {
  app.fake.models = async (exchange: scenario.Exchange) => {
    await pause(1500, undefined, { signal: exchange.gone });
    exchange.res.writeHead(503).end();
  };
  inAnHour(t);
  const before = process.hrtime.bigint();
  const page = await ada.get("/");
  const tookMs = Number(process.hrtime.bigint() - before) / 1e6;

  assert.ok(tookMs < 1000, `${tookMs} ms`);
  assert.match(page.words(".composer__note"), /DeepSeek Flash can be wrong/);
  await refreshed();
  assert.equal(currentModel().name, "DeepSeek Flash");
});

test("where no model is known a question asks for the list again, and an answer names what it got", async (t) => {
  app.fake.models = { object: "list", data: [] };
  inAnHour(t);
  await refreshed();
  assert.equal(currentModel().id, null);

  app.fake.models = models;
  await ada.talk("And now?");
  assert.equal(app.fake.requests.at(-1)?.body.model, "deepseek-flash");
});

let hours = 0;

// What is known of the list is asked for anew after a while.
function inAnHour(t: TestContext) {
  const { now } = performance;
  hours += 1;
  t.mock.method(performance, "now", () => now.call(performance) + hours * 3_600_000);
}
