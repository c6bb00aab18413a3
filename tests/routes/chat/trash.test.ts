import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../support/app.js";
import * as scenario from "../../support/fake-deepseek.js";
import { closed } from "../../support/fake-deepseek.js";

const app = await startApp();
const { purge } = await import("../../../src/models/conversations/trash.js");
const ada = await app.signedIn("ada");
const bob = await app.signedIn("bob");

const DAY_MS = 86_400_000;

function idOf(path: string): string {
  return path.split("/").at(-1) ?? "";
}

async function discarded(title: string): Promise<string> {
  const path = await ada.ask(title);
  await ada.settled(path);
  await ada.post(path, { _method: "DELETE" });
  return path;
}

/** As if it had been deleted so many days ago. */
function age(path: string, days: number) {
  const at = new Date(Date.now() - days * DAY_MS).toISOString().replace("Z", "+00:00");
  app.database.prepare("UPDATE Conversation SET trashedAt = ? WHERE id = ?").run(at, idOf(path));
}

function rows(path: string): number {
  const count = "SELECT count(*) FROM Message WHERE conversationId = ?";
  return app.database.prepare(count).pluck().get(idOf(path)) as number;
}

test("the trash gives a conversation back whole, where it was", async () => {
  const path = await ada.ask("First");
  await ada.settled(path);
  await ada.talk("Second", { conversation: idOf(path) });
  await ada.post(`${path}/pin`);
  const before = await ada.get(path);
  await ada.post(path, { _method: "DELETE" });
  const restored = await ada.submit(`/trash/${idOf(path)}/restoration`);

  assert.equal(restored.words(".flash p"), "Restored: it is where it was");
  assert.deepEqual(restored.all(".message__body"), before.all(".message__body"));
  assert.equal(restored.words(".sidebar__heading:first-child"), "Pinned");
  assert.equal((await ada.get("/trash")).words(".empty"), EMPTY);
});

const EMPTY = "The trash is empty. What you delete stays here for 30 days.";

test("what was archived comes back to the archive", async () => {
  const path = await ada.ask("Archived first");
  await ada.settled(path);
  await ada.post(`${path}/archiving`);
  await ada.post(path, { _method: "DELETE" });
  assert.doesNotMatch((await ada.get("/archive")).html, /Archived first/);

  await ada.post(`/trash/${idOf(path)}/restoration`);
  assert.match((await ada.get("/archive")).html, /Archived first/);
});

test("an answer that ran when its conversation was deleted is there as far as it had come", async () => {
  app.fake.next(scenario.hold(["So far, "], ["and no further."]));
  const path = await ada.ask("Stop with me");
  const src = String((await ada.get(path)).$("message-stream").attr("src"));
  const request = app.fake.requests.at(-1);
  await ada.events(src, ({ data }) => /So far/.test(JSON.stringify(data)));
  await ada.post(path, { _method: "DELETE" });
  await closed(request, 1000);

  const page = await ada.submit(`/trash/${idOf(path)}/restoration`);
  assert.match(page.words(".message--answer .message__body"), /So far,/);
  assert.equal(page.words(".outcome p"), "You stopped this answer.");
});

test("what is in the trash is not there for anything else", async () => {
  const path = await discarded("Invisible");
  const id = idOf(path);
  const message = String(
    app.database
      .prepare("SELECT id FROM Message WHERE conversationId = ? AND role = 'answer'")
      .pluck()
      .get(id),
  );

  const asked = [
    await ada.get(path),
    await ada.get(`${path}/live`),
    await ada.post("/chat", { prompt: "Still there?", conversation: id }),
    await ada.post(`${path}/messages`, { prompt: "Still there?" }),
    await ada.post(path, { _method: "PATCH", title: "x" }),
    await ada.post(`${path}/pin`),
    await ada.post(`${path}/archiving`),
    await ada.post(path, { _method: "DELETE" }),
    await ada.get(`/messages/${message}/source`),
    await ada.post(`/messages/${message}/generations`),
    await ada.post(`/generations/${message}/continuation`),
    await ada.get(`/generations/${message}`, { Accept: "text/event-stream" }),
  ];
  assert.deepEqual(
    asked.map(({ status }) => status),
    asked.map(() => 404),
  );
  for (const page of ["/", "/conversations", "/archive"]) {
    assert.doesNotMatch((await ada.get(page)).html, /Invisible/, page);
  }
  assert.equal(rows(path), 2);
});

test("a question whose conversation was deleted can be sent by the same form again", async () => {
  const first = await ada.ask("Once more", { key: "the-same-key" });
  await ada.settled(first);
  await ada.post(first, { _method: "DELETE" });
  const again = await ada.ask("Once more", { key: "the-same-key" });

  assert.notEqual(again, first);
  assert.match((await ada.settled(again)).words(".message--question"), /Once more/);
});

test("what has been there for thirty days cannot be had back, and is purged", async () => {
  const [due, kept] = [await discarded("Thirty days"), await discarded("Twenty-nine days")];
  age(due, 30.01);
  age(kept, 29.9);

  assert.doesNotMatch((await ada.get("/trash")).html, /Thirty days/);
  assert.equal((await ada.post(`/trash/${idOf(due)}/restoration`)).status, 404);
  await purge();
  assert.deepEqual([rows(due), rows(kept)], [0, 2]);
  assert.match((await ada.get("/trash")).words(".listing"), /Twenty-nine days 1 day left/);
});

test("the purge takes what a crash has left of a deletion, and nothing that is not in the trash", async () => {
  const path = await discarded("Half deleted");
  const stays = await ada.ask("As old as can be");
  await ada.settled(stays);
  app.database.exec("UPDATE Conversation SET updatedAt = '1970-01-01T00:00:00.000+00:00'");
  age(path, 20_000);
  await purge();

  assert.deepEqual([rows(path), rows(stays)], [0, 2]);
});

test("nobody restores or deletes what is in somebody else's trash", async () => {
  const path = await discarded("Ada's");
  assert.equal((await bob.post(`/trash/${idOf(path)}/restoration`)).status, 404);
  assert.equal((await bob.post(`/trash/${idOf(path)}`, { _method: "DELETE" })).status, 404);
  assert.equal((await bob.submit("/trash", { _method: "DELETE" })).status, 200);
  assert.equal((await ada.get(path)).status, 404);
  assert.equal(rows(path), 2);
  assert.doesNotMatch((await bob.get("/trash")).html, /Ada's/);
});

test("only what is in the trash is deleted for good", async () => {
  const path = await ada.ask("Not in the trash");
  await ada.settled(path);
  assert.equal((await ada.post(`/trash/${idOf(path)}`, { _method: "DELETE" })).status, 404);
  await ada.post("/trash", { _method: "DELETE" });
  assert.equal(rows(path), 2);
});
