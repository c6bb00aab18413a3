import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { startApp } from "../../support/app.js";
import * as scenario from "../../support/fake-deepseek.js";
import { closed } from "../../support/fake-deepseek.js";
import { holdLock } from "../../support/locks.js";

const app = await startApp();
const ada = await app.signedIn("ada");

function idOf(path: string): string {
  return path.split("/").at(-1) ?? "";
}

test("whoever is not logged in is led to the login, and back afterwards", async () => {
  assert.equal((await app.visitor().get("/")).location, "/login");
  assert.equal((await app.visitor().get("/home")).location, "/login?next=%2Fhome");
  assert.match(String((await app.visitor().get("/conversations/x")).location), /^\/login\?next=/);
});

for (const path of ["/", "/home"]) {
  test(`${path} is the chat: sidebar, a new conversation, the composer`, async () => {
    const page = await (await app.signedIn(`carol${path.length}`)).get(path);

    assert.equal(page.status, 200);
    assert.equal(page.words(".sidebar__new"), "New conversation");
    assert.equal(page.$("form[action='/chat'] textarea[name=prompt]").length, 1);
    assert.deepEqual(page.all(".sidebar__link"), []);
  });
}

test("the sidebar has one's own conversations by their first words, the newest first", async () => {
  const dora = await app.signedIn("dora");
  await dora.talk("The first of all");
  const path = await dora.ask(`The second\n${"goes on and on ".repeat(20)}`);
  await dora.settled(path);
  const page = await dora.get("/");

  assert.deepEqual(page.all(".sidebar__link"), [
    "The second goes on and on goes on and on goes on and on…",
    "The first of all",
  ]);
  assert.equal((await dora.get(path)).$(".sidebar__link[aria-current]").attr("href"), path);
  assert.doesNotMatch((await ada.get("/")).html, /The first of all/);
});

test("a question in an old conversation brings it to the top", async () => {
  const emil = await app.signedIn("emil");
  const old = await emil.ask("An old one");
  await emil.settled(old);
  await emil.talk("A newer one");
  await emil.talk("Once more", { conversation: idOf(old) });

  assert.deepEqual((await emil.get("/")).all(".sidebar__link"), ["An old one", "A newer one"]);
});

test("thirty conversations are in the sidebar, and the rest on pages", async () => {
  const fay = await app.signedIn("fay");
  const { id } = app.database.prepare("SELECT id FROM User WHERE username = 'fay'").get() as {
    id: string;
  };
  const insert = app.database.prepare(
    "INSERT INTO Conversation (id, userId, title, updatedAt) VALUES (?, ?, ?, ?)",
  );
  for (let n = 1; n <= 65; n += 1)
    insert.run(`fay-${n}`, id, `Talk ${n}`, new Date(n * 1000).toISOString());

  const home = await fay.get("/");
  assert.deepEqual(
    [home.all(".sidebar__link").length, home.all(".sidebar__link")[0]],
    [30, "Talk 65"],
  );
  assert.equal(home.words(".sidebar__more"), "All conversations");

  const listed = [1, 2, 3].map(async (page) =>
    (await fay.get(`/conversations?page=${page}`)).all(".listing__link"),
  );
  const titles = (await Promise.all(listed)).flat();
  assert.deepEqual(
    titles,
    Array.from({ length: 65 }, (_, index) => `Talk ${65 - index}`),
  );
});

test("a conversation is renamed, and goes by that name everywhere", async () => {
  const path = await ada.ask("What it began with");
  await ada.settled(path);
  const page = await ada.submit(path, { _method: "PATCH", title: "  A name\n of its own " });

  assert.equal(page.words(".flash p"), "Renamed");
  assert.equal(page.words("h1"), "A name of its own");
  assert.equal(page.words(".sidebar__link[aria-current]"), "A name of its own");
  assert.match((await ada.get("/conversations")).words(".listing"), /A name of its own/);
  await ada.talk("And more", { conversation: idOf(path) });
  assert.equal((await ada.get(path)).words("h1"), "A name of its own");
});

for (const [what, title, sentence] of [
  ["no title", " \n ", "A title cannot be empty."],
  ["one that nobody sees", "\u200b\u2060", "A title cannot be empty."],
  ["one that is too long", "x".repeat(121), "Use at most 120 characters."],
] as const) {
  test(`a conversation keeps its title when it is given ${what}`, async () => {
    const path = await ada.ask("Keep my name");
    const refused = await ada.post(path, { _method: "PATCH", title, back: "/conversations" });

    assert.equal(refused.status, 422);
    assert.equal(refused.words(".field__error"), sentence);
    assert.equal(refused.field("title"), title.replaceAll("\n", "\n"));
    assert.equal(refused.field("back"), "/conversations");
    assert.equal((await ada.get(path)).words("h1"), "Keep my name");
    await ada.settled(path);
  });
}

test("the list is renamed in as well, and one is back on its page of it afterwards", async () => {
  const path = await ada.ask("From the list");
  await ada.settled(path);
  const back = "/conversations?page=1";
  const renamed = await ada.post(path, { _method: "PATCH", title: "Listed", back });
  assert.equal(renamed.location, back);

  for (const elsewhere of ["//evil.example", "https://evil.example/", "/\\evil.example"]) {
    const sent = await ada.post(path, { _method: "PATCH", title: "Listed", back: elsewhere });
    assert.equal(sent.location, "/");
  }
});

test("an answer that nobody was reading leaves a mark, until somebody looks", async () => {
  const lea = await app.signedIn("lea");
  const held = scenario.hold(["Well, "], ["yes."]);
  app.fake.next(held);
  const path = await lea.ask("Tell me later");
  const running = await lea.get("/");
  assert.equal(running.words(".sidebar__link"), "Tell me later, being answered");

  const request = app.fake.requests.at(-1);
  held.release();
  await closed(request);
  await ended(path);
  assert.equal((await lea.get("/")).words(".sidebar__link"), "Tell me later, new answer");
  assert.equal((await lea.get(path)).words(".sidebar__link"), "Tell me later");
  assert.equal((await lea.get("/")).words(".sidebar__link"), "Tell me later");
});

test("an answer that was read to its end leaves no mark", async () => {
  const max = await app.signedIn("max");
  const held = scenario.hold(["Well, "], ["yes."]);
  app.fake.next(held);
  const path = await max.ask("Tell me now");
  const src = String((await max.get(path)).$("message-stream").attr("src"));
  await max.events(src, ({ event }) => {
    held.release();
    return event === "done";
  });

  assert.equal((await max.get("/")).words(".sidebar__link"), "Tell me now");
});

test("an answer that ended before its page could follow it was read as well", async () => {
  const nil = await app.signedIn("nil");
  app.fake.next(scenario.hold(["Well, "], ["yes."]));
  const path = await nil.ask("Too quick");
  const src = String((await nil.get(path)).$("message-stream").attr("src"));
  app.fake.forget();
  app.database.exec("UPDATE Conversation SET unread = true WHERE title = 'Too quick'");
  await nil.post(src, { _method: "DELETE" });
  assert.equal((await nil.events(src)).at(-1)?.event, "done");

  const unread = app.database.prepare("SELECT unread FROM Conversation WHERE id = ?").pluck();
  for (let tries = 0; tries < 100 && unread.get(idOf(path)) === 1; tries += 1) await pause(10);
  assert.equal(unread.get(idOf(path)), 0);
});

/** When no answer is being written in a conversation. */
async function ended(path: string) {
  const running = app.database.prepare("SELECT count(*) FROM Message WHERE runningIn = ?").pluck();
  while (running.get(idOf(path)) !== 0) await pause(5);
}

test("a long conversation shows its end, and leads to what was earlier; a reply goes to the end", async () => {
  const gus = await app.signedIn("gus");
  const path = await gus.ask("chaos:say ok 1");
  for (let turn = 2; turn <= 27; turn += 1) {
    await gus.settled(path);
    await gus.ask(`chaos:say ok ${turn}`, { conversation: idOf(path) });
  }
  const end = await gus.settled(path);
  const earlier = await gus.get(String(end.$(".transcript__earlier a").attr("href")));

  assert.equal(end.all(".message").length, 50);
  assert.equal(earlier.all(".message").length, 4);
  assert.equal(earlier.$(".transcript__earlier").length, 0);
  assert.equal(earlier.field("parent"), end.field("parent"));
});

test("a title that cannot be stored now is kept in its form", async () => {
  const path = await ada.ask("Name me");
  await ada.settled(path);
  const lock = await holdLock(app.database.name, { kind: "IMMEDIATE", forMs: 60_000 });
  const page = await ada.post(path, { _method: "PATCH", title: "A better name" });
  lock.process.kill("SIGKILL");
  await lock.over;

  assert.equal(page.status, 503);
  assert.equal(page.field("title"), "A better name");
  assert.equal((await ada.get(path)).words("h1"), "Name me");
});
