import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { startApp } from "../support/app.js";
import * as scenario from "../support/fake-deepseek.js";

const app = await startApp();
const ada = await app.signedIn("ada");
const bob = await app.signedIn("bob");
const { upstreamState } = await import("../../src/generator/health.js");

test("an upstream that is down is not waited for: words at once, and one click when it is back", async () => {
  const down = scenario.cutAfter(0, "rst");
  const { models } = app.fake;
  app.fake.models = down;
  app.fake.next(...Array.from({ length: 9 }, () => down));
  for (const question of ["one", "two"]) {
    const page = await bob.talk(question);
    assert.match(page.words(".outcome"), /could not be reached\. Try again$/);
  }
  assert.equal(upstreamState().circuit, "open");
  app.fake.forget();

  const before = performance.now();
  const page = await bob.talk("three");
  assert.ok(performance.now() - before < 1000);
  assert.match(page.words(".outcome"), /The model's server is down, so your question was kept/);
  assert.match(page.words(".banner"), /The model's server is down\. It is tried again in [1-5] s;/);
  assert.equal(page.all(".message--question .message__body")[0], "three");
  assert.equal(app.fake.requests.length, 0);
  assert.equal((await bob.get("/conversations")).status, 200);

  app.fake.models = models;
  for (let tries = 0; upstreamState().circuit !== "closed" && tries < 300; tries += 1) {
    await pause(50);
  }
  const again = await bob.submit(String(page.$(".outcome form").attr("action")));
  const done = await bob.settled(`/conversations/${again.field("conversation")}`);
  assert.match(done.words(".message--answer"), /You asked: three/);
  assert.equal(done.all(".banner").length, 0);
});

for (const [status, words] of [
  [401, /does not accept this installation's key, so nobody gets an answer\. Put a valid/],
  [402, /has no credit left, so nobody gets an answer\. Top it up/],
] as const) {
  test(`${status} for all is told to administrators, on every page, until the first success`, async () => {
    app.fake.next(scenario.status(status));
    const page = await bob.talk("Anything");
    assert.match(page.words(".outcome"), /Please tell your administrator/);
    assert.equal(page.all(".banner").length, 0);
    assert.match((await ada.get("/account")).words(".banner--danger"), words);
    assert.equal(upstreamState().circuit, "closed");

    await bob.talk("Anything else");
    assert.equal((await ada.get("/account")).all(".banner").length, 0);
  });
}

test("each thing that befalls everybody is said once in the log", async () => {
  const { isNews, noteAccepted } = await import("../../src/generator/health.js");
  const { upstreamOf } = await import("../../src/generator/upstream.js");
  const { UpstreamError } = await import("../../src/deepseek/errors.js");
  const refused = new UpstreamError("unauthorized", "", { phase: "headers" });

  const own = upstreamOf(null);

  assert.deepEqual([isNews(own, refused), isNews(own, refused)], [true, false]);
  noteAccepted(own);
  assert.equal(isNews(own, refused), true);
  assert.equal(isNews(own, new UpstreamError("down", "", { phase: "connect" })), false);
  noteAccepted(own);
});
