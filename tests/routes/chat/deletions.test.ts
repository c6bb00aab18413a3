import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { startApp } from "../../support/app.js";
import * as scenario from "../../support/fake-deepseek.js";
import { closed } from "../../support/fake-deepseek.js";
import type { Visitor } from "../../support/visitor.js";

const app = await startApp();
const ada = await app.signedIn("ada");

function idOf(path: string): string {
  return path.split("/").at(-1) ?? "";
}

test("a deleted conversation is nowhere but in the trash, its answer stops, and it is said so", async () => {
  const kept = await ada.ask("To be kept");
  await ada.settled(kept);
  app.fake.next(scenario.hold(["Well, "]));
  const path = await ada.ask("To be deleted");
  const request = app.fake.requests.at(-1);
  const reading = ada.events(String((await ada.get(path)).$("message-stream").attr("src")));
  const home = await ada.submit(path, { _method: "DELETE" });

  assert.equal(home.words(".flash p"), "Conversation moved to the trash. Open the trash");
  assert.deepEqual(home.all(".sidebar__link"), ["To be kept"]);
  assert.equal((await reading).at(-1)?.event, "gone");
  await closed(request, 1000);
  assert.equal((await ada.get(path)).status, 404);
});

test("clearing the chat history moves all of this person's to the trash, and nobody else's", async () => {
  const shown = "SELECT id FROM Conversation WHERE trashedAt IS NULL ORDER BY id";
  const others = app.database.prepare(shown).all();
  const hal = await app.signedIn("hal");
  await hal.talk("An old one");
  app.fake.next(scenario.hold(["Well, "]), scenario.stall(0));
  const pages = [await hal.get(await hal.ask("Running")), await hal.get(await hal.ask("Waiting"))];
  const requests = app.fake.requests.slice(-2);
  const reading = pages.map((page) => hal.events(String(page.$("message-stream").attr("src"))));
  const home = await hal.submit("/clear");

  assert.equal(home.words(".flash p"), "Chat history cleared. Open the trash");
  assert.deepEqual(home.all(".sidebar__link"), []);
  const last = (await Promise.all(reading)).map((events) => events.at(-1)?.event);
  assert.deepEqual(last, ["gone", "gone"]);
  await Promise.all(requests.map((request) => closed(request, 1000)));
  assert.deepEqual(app.database.prepare(shown).all(), others);
  const trash = (await hal.get("/trash")).all(".listing__link");
  assert.deepEqual(trash.sort(), ["An old one", "Running", "Waiting"]);
});

/** A conversation with one path of so many messages, made without asking for each; its first answer is running. */
async function longConversation(visitor: Visitor, messages: number): Promise<string> {
  app.fake.next(scenario.hold(["Well, "]));
  const path = await visitor.ask("Where does it end?");
  app.database
    .prepare(
      `WITH RECURSIVE link(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM link WHERE n < @more)
       INSERT INTO Message (conversationId, parentId, role, body, state)
       SELECT @id, (SELECT max(id) FROM Message) + n - 1, iif(n % 2, 'question', 'answer'), 'x', 'complete'
       FROM link`,
    )
    .run({ id: idOf(path), more: messages - 2 });
  return path;
}

test("a conversation is deleted for good however long it has become", async () => {
  const jo = await app.signedIn("joan");
  const path = await longConversation(jo, 1200);
  const request = app.fake.requests.at(-1);
  const count = app.database.prepare("SELECT count(*) FROM Message").pluck();
  const before = count.get() as number;

  assert.equal((await jo.post(path, { _method: "DELETE" })).status, 303);
  await closed(request, 1000);
  assert.equal((await jo.get(path)).status, 404);
  assert.equal(count.get(), before);

  const erased = await jo.submit(`/trash/${idOf(path)}`, { _method: "DELETE" });
  assert.equal(erased.words(".flash p"), "Deleted for good");
  assert.equal(before - (count.get() as number), 1200);
});

test("a trash of long conversations is emptied, and nobody else's with it", async () => {
  const kim = await app.signedIn("kim");
  const stays = await ada.ask("To stay in the trash");
  await ada.submit(stays, { _method: "DELETE" });
  for (const messages of [1200, 2, 2100]) await longConversation(kim, messages);
  const requests = app.fake.requests.slice(-3);

  assert.equal((await kim.post("/clear")).status, 303);
  await Promise.all(requests.map((request) => closed(request, 1000)));
  assert.equal((await kim.get("/trash")).all(".listing__link").length, 3);

  const emptied = await kim.submit("/trash", { _method: "DELETE" });
  assert.equal(emptied.words(".flash p"), "The trash is empty");
  assert.equal(emptied.all(".listing__link").length, 0);
  const left = app.database
    .prepare(
      "SELECT count(*) FROM Conversation JOIN User ON User.id = userId WHERE username = 'kim'",
    )
    .pluck();
  // Nobody waits for it, but it goes.
  for (let tries = 0; tries < 500 && left.get() !== 0; tries += 1) await pause(20);
  assert.equal(left.get(), 0);
  assert.ok((await ada.get("/trash")).all(".listing__link").includes("To stay in the trash"));
});
