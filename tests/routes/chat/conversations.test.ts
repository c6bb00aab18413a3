import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { startApp } from "../../support/app.js";
import * as scenario from "../../support/fake-deepseek.js";
import { closed } from "../../support/fake-deepseek.js";
import { holdLock } from "../../support/locks.js";
import { statementsOf } from "../../support/statements.js";
import type { Page, Visitor } from "../../support/visitor.js";

const app = await startApp();
const ada = await app.signedIn("ada");
const bob = await app.signedIn("bob");

function idOf(path: string): string {
  return path.split("/").at(-1) ?? "";
}

/** Everything of everybody, to see that nothing has changed. */
function everything(): unknown {
  const tables = ["Conversation", "Message", "User", "PasswordReset"];
  return tables.map((table) => app.database.prepare(`SELECT * FROM ${table} ORDER BY id`).all());
}

/** A page without what is new in each: the request's id, the form's key, and the ids that were asked for. */
function lasting({ status, html }: Page, ids: Ids): string {
  const page = html.replace(
    /<code>[^<]*<\/code>|name="key" value="[^"]*"|"requestId":"[^"]*"/g,
    "",
  );
  return `${status} ${page}`.replaceAll(ids.conversation, "").replaceAll(ids.message, "");
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

test("every chat route with somebody else's ids is a 404 like for nothing, and changes nothing", async () => {
  // Seven digits are nothing else on a page.
  app.database.exec("UPDATE sqlite_sequence SET seq = 7000000 WHERE name = 'Message'");
  const finished = await ada.talk("Ada's secret");
  app.fake.next(scenario.stall(0));
  const running = await ada.get(await ada.ask("Ada's running secret"));
  const own = String((await bob.talk("Bob's own")).field("conversation"));
  const theirs = [...idsOn(finished), ...idsOn(running)];
  const nothing = { conversation: "AAAAAAAAAAAAAAAAAAAAAA", message: "7999999" };
  // Its first checkpoint has been written: no other is until there is text.
  await pause(700);
  const before = everything();

  for (const [name, request] of Object.entries(routes(own))) {
    const expected = lasting(await request(bob, nothing), nothing);
    assert.match(expected, /^404/, name);
    for (const ids of theirs) assert.equal(lasting(await request(bob, ids), ids), expected, name);
  }

  assert.deepEqual(everything(), before);
  assert.ok(app.fake.requests.every((request) => !request.abandoned));
  await ada.post("/clear");
});

function idsOn(page: Page): Ids[] {
  const conversation = String(page.field("conversation"));
  const articles = page.$(".message").toArray();
  return articles.map((article) => ({
    conversation,
    message: page.$(article).attr("id")?.replace("message-", "") ?? "",
  }));
}

type Ids = { conversation: string; message: string };

function routes(own: string): Record<string, (visitor: Visitor, ids: Ids) => Promise<Page>> {
  const prompt = "May I?";
  const stream = { Accept: "text/event-stream" };
  return {
    show: (v, { conversation }) => v.get(`/conversations/${conversation}`),
    "show from a message": (v, { message }) => v.get(`/conversations/${own}?message=${message}`),
    rename: (v, { conversation }) =>
      v.post(`/conversations/${conversation}`, { _method: "PATCH", title: "Mine" }),
    "rename to nothing": (v, { conversation }) =>
      v.post(`/conversations/${conversation}`, { _method: "PATCH", title: "" }),
    pin: (v, { conversation }) => v.post(`/conversations/${conversation}/pin`),
    unpin: (v, { conversation }) =>
      v.post(`/conversations/${conversation}/pin`, { _method: "DELETE" }),
    archive: (v, { conversation }) => v.post(`/conversations/${conversation}/archiving`),
    unarchive: (v, { conversation }) =>
      v.post(`/conversations/${conversation}/archiving`, { _method: "DELETE" }),
    destroy: (v, { conversation }) =>
      v.post(`/conversations/${conversation}`, { _method: "DELETE" }),
    restore: (v, { conversation }) => v.post(`/trash/${conversation}/restoration`),
    "destroy for good": (v, { conversation }) =>
      v.post(`/trash/${conversation}`, { _method: "DELETE" }),
    live: (v, { conversation }) => v.get(`/conversations/${conversation}/live`),
    ask: (v, { conversation }) => v.post(`/conversations/${conversation}/messages`, { prompt }),
    "ask by the form": (v, { conversation }) => v.post("/chat", { prompt, conversation }),
    "ask below a message": (v, { message }) =>
      v.post("/chat", { prompt, conversation: own, parent: message }),
    "ask below a message there": (v, { conversation, message }) =>
      v.post("/chat", { prompt, conversation, parent: message }),
    "edit a question": (v, { message }) => v.get(`/messages/${message}/versions/new`),
    "refused beside a message": (v, { message }) => v.get(`/messages/${message}/versions`),
    "ask beside a message": (v, { message }) => v.post(`/messages/${message}/versions`, { prompt }),
    "ask nothing beside a message": (v, { message }) => v.post(`/messages/${message}/versions`),
    fork: (v, { message }) => v.post(`/messages/${message}/forks`),
    regenerate: (v, { message }) => v.post(`/messages/${message}/generations`),
    continue: (v, { message }) => v.post(`/generations/${message}/continuation`),
    stop: (v, { message }) => v.post(`/generations/${message}`, { _method: "DELETE" }),
    "stop by DELETE": (v, { message }) =>
      v.request(`/generations/${message}`, { method: "DELETE" }),
    stream: (v, { message }) => v.get(`/generations/${message}`, stream),
    "resume a stream": (v, { message }) =>
      v.get(`/generations/${message}`, { ...stream, "Last-Event-ID": "1-1" }),
  };
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

/** Of a few tries the one with the fewest: the clock of running answers may have had its turn beside a page. */
async function fewestStatements(work: () => Promise<unknown>): Promise<string[]> {
  const tries: string[][] = [];
  for (let count = 0; count < 5; count += 1) tries.push(await statementsOf(work));
  return tries.toSorted((a, b) => a.length - b.length)[0] ?? [];
}

test("a page of the chat takes at most six statements, everything included", async () => {
  const ida = await app.signedIn("ida");
  const first = await ida.ask("First");
  await ida.settled(first);
  const second = await ida.talk("Second", { conversation: idOf(first) });
  app.fake.next(scenario.hold(["Well, "]));
  const running = await ida.ask("Running");

  for (const path of [
    "/",
    "/home",
    first,
    `${first}?before=3`,
    `${first}?from=3`,
    `${first}?message=${idsOn(second)[0]?.message}`,
    `/messages/${idsOn(second)[2]?.message}/versions/new`,
    running,
    "/conversations",
    "/archive",
    "/trash",
    "/sidebar",
    "/account",
  ]) {
    const statements = await fewestStatements(() => ida.get(path));
    assert.ok(
      statements.length > 1 && statements.length <= 6,
      `${path}: ${statements.length}\n${statements.join("\n")}`,
    );
  }
  await ida.post("/clear");
});

test("a rendered answer is not rendered again, until the renderer is a newer one", async () => {
  const path = await ada.ask("Render me");
  await ada.settled(path);
  const answer =
    "SELECT html, rendererVersion FROM Message WHERE role = 'answer' ORDER BY id DESC LIMIT 1";
  const change = (set: string) =>
    app.database.exec(`UPDATE Message SET ${set} WHERE id = (SELECT max(id) FROM Message)`);

  change("html = '<p>as it was stored</p>', writtenAt = 'another time'");
  assert.match((await ada.get(path)).html, /<p>as it was stored<\/p>/);

  change("rendererVersion = 0");
  const page = await ada.get(path);
  assert.doesNotMatch(page.html, /as it was stored/);
  assert.match(page.words(".message--answer .message__body"), /Render me/);
  assert.match((app.database.prepare(answer).get() as { html: string }).html, /Render me/);
  assert.ok(
    (await statementsOf(() => ada.get(path))).every((sql) => !/^(UPDATE|INSERT)/i.test(sql)),
  );
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
