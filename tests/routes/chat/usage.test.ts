import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../support/app.js";
import * as scenario from "../../support/fake-deepseek.js";

const app = await startApp();
const ada = await app.signedIn("ada");
const bob = await app.signedIn("bob");
app.database.exec("UPDATE Price SET validFrom = 0, peakWeek = ''");

const idOf = (path: string) => path.split("/").at(-1) ?? "";

function given(prompt: number, cached: number) {
  const usage = {
    ...scenario.wire.USAGE,
    prompt_tokens: prompt,
    prompt_tokens_details: { cached_tokens: cached },
  };
  app.fake.next(scenario.answer({ usage }));
}

test("a conversation shows above it what came from the cache and what it has cost", async () => {
  const path = await ada.ask("Well?");
  const page = await ada.settled(path);
  assert.equal(
    page.words(".conversation__usage a"),
    "This conversation so far: 53 % from the cache · ≈ $0.000033",
  );
  assert.equal(page.$(".conversation__usage a").attr("href"), `${path}/usage`);
});

test("the end of an answer brings the line with it", async () => {
  const held = scenario.hold(["Well, "], ["yes."]);
  app.fake.next(held);
  const path = await ada.ask("And now?");
  const page = await ada.get(path);
  assert.equal(page.$(".conversation__usage a").length, 0);

  const reading = ada.events(String(page.$("message-stream").attr("src")));
  held.release();
  const done = (await reading).find(({ event }) => event === "done");
  assert.match(done?.data.usage, /53 % from the cache/);
});

test("an answer that missed the cache says why, on itself and on the conversation's page", async () => {
  given(2000, 0);
  const path = await ada.ask("One");
  await ada.settled(path);
  app.database.exec(
    "UPDATE Message SET model = 'another' WHERE id = (SELECT max(id) FROM Message)",
  );
  given(2300, 64);
  const page = await ada.talk("Two", { conversation: idOf(path) });
  assert.match(
    page.words(".message--answer:last-of-type .receipt__lines"),
    /another model had answered before/,
  );
  assert.equal(page.all(".receipt__lines p").filter((note) => /Little/.test(note)).length, 1);

  const usage = await ada.get(`${path}/usage`);
  assert.match(usage.words(".table__below"), /another model had answered before/);
  assert.equal(usage.rows("Answer by answer").length, 3);
});

test("a hit needs no words", async () => {
  given(2000, 0);
  const path = await ada.ask("One more");
  await ada.settled(path);
  given(2300, 1984);
  const page = await ada.talk("Two more", { conversation: idOf(path) });
  assert.doesNotMatch(page.words(".receipt__lines"), /Little/);
});

test("older messages that were left out to fit are named as the reason", async () => {
  given(2000, 0);
  const path = await ada.ask("Long ago");
  await ada.settled(path);
  app.database.exec(
    "UPDATE Message SET oldestDigest = 'of another' WHERE id = (SELECT max(id) FROM Message)",
  );
  given(1500, 64);
  const page = await ada.talk("Now", { conversation: idOf(path) });
  assert.match(page.words(".receipt__lines"), /older messages were left out to fit/);
});

test("the usage of somebody else's conversation is not found", async () => {
  const path = await ada.ask("Mine");
  await ada.settled(path);
  assert.equal((await bob.get(`${path}/usage`)).status, 404);
  for (const id of ["x", "%00", "..%2f", "41"]) {
    assert.equal((await ada.get(`/conversations/${id}/usage`)).status, 404, id);
  }
});

test("a conversation in which nothing was counted says so", async () => {
  const path = await ada.ask("chaos:status@500");
  await ada.settled(path);
  assert.match((await ada.get(`${path}/usage`)).words(".empty"), /Nothing was counted/);
});
