import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { PASSWORD, startApp } from "../../support/app.js";
import * as scenario from "../../support/fake-deepseek.js";
import { closed, startFakeDeepSeek } from "../../support/fake-deepseek.js";
import { startServer } from "../../support/server.js";
import { statementsOf } from "../../support/statements.js";
import { againOf, ask, editsOf, streamOf } from "../../support/temporary.js";

const app = await startApp();
const ada = await app.signedIn("ada");
const bob = await app.signedIn("bob");

function everything(): unknown {
  const tables = ["Conversation", "Message", "Draft", "SearchQueue"];
  return tables.map((table) => app.database.prepare(`SELECT * FROM ${table}`).all());
}

test("it is found on the home page, says what it is, and answers as any other, with what was said before", async () => {
  const home = await ada.get("/");
  const begin = await ada.get(String(home.$("main a[href='/temporary']").attr("href")));
  assert.match(begin.words(".notice"), /written down nowhere.*gone.*restarts/);

  const address = await ask(ada, "chaos:say **First** answer.");
  const first = await ada.settled(address);
  assert.equal(first.words(".message--answer .message__body strong"), "First");
  await ask(ada, "And the second?", { at: address });
  const second = await ada.settled(address);
  assert.equal(second.$(".message").length, 4);
  const sent = app.fake.requests.at(-1)?.body.messages.map(({ role }: { role: string }) => role);
  assert.deepEqual(sent, ["user", "assistant", "user"]);
  await ada.post(address, { _method: "DELETE" });
});

test("the sidebar shows it while there is one, as current where one is, and never among the rest", async () => {
  const address = await ask(ada, "chaos:say Hidden");
  const page = await ada.settled(address);
  assert.equal(page.$(".sidebar__link[aria-current=page]").attr("href"), address);
  assert.equal((await ada.get("/")).$(`.sidebar__link[href='${address}']`).length, 1);
  assert.doesNotMatch((await ada.get("/conversations")).words("main"), /Hidden/);

  const home = await ada.submit(address, { _method: "DELETE" });
  assert.equal(home.words(".flash p"), "Ended. Nothing of it was kept");
  assert.doesNotMatch(home.html, /Hidden/);
  assert.equal((await ada.get(address)).status, 404);
});

test("its answer grows, can be followed from two tabs, and be stopped", async () => {
  const held = scenario.hold(["So far "], ["never seen"]);
  app.fake.next(held);
  const address = await ask(ada, "Slowly");
  const request = app.fake.requests.at(-1);
  const stream = await streamOf(ada, address);
  const reading = [ada.events(stream), ada.events(stream)];
  const refused = await ada.post(address, { words: "Too early" });
  assert.equal(refused.status, 409);
  assert.equal(refused.field("words")?.trim(), "Too early");

  const stopped = await ada.submit(stream, { _method: "DELETE" });
  assert.equal(stopped.words(".outcome"), "You stopped this answer.");
  for (const events of await Promise.all(reading)) assert.equal(events.at(-1)?.event, "done");
  await closed(request, 1000);
  await ada.post(address, { _method: "DELETE" });
});

test("an answer that failed is asked for again", async () => {
  app.fake.next(scenario.status(400));
  const address = await ask(ada, "Fail once");
  const failed = await ada.settled(address);
  await ada.post(String(failed.$(".outcome form").attr("action")));
  const page = await ada.settled(address);
  assert.match(page.words(".message--answer"), /You asked/);
  assert.equal(page.$(".message").length, 2);
  await ada.post(address, { _method: "DELETE" });
});

test("the same form sent twice is one question", async () => {
  const twice = { words: "Once only", key: "the-same-form" };
  const [one, two] = [await ada.post("/temporary", twice), await ada.post("/temporary", twice)];
  assert.equal(one.location, two.location);
  const page = await ada.settled(String(one.location));
  assert.equal(page.$(".message--question").length, 1);
  await ada.post(String(one.location), { _method: "DELETE" });
});

test("three are the most, and logging out ends them", async () => {
  const eve = await app.signedIn("eve");
  const addresses: string[] = [];
  for (const words of ["One", "Two", "Three"]) {
    addresses.push(await ask(eve, words));
    await eve.settled(String(addresses.at(-1)));
  }
  const refused = await eve.post("/temporary", { words: "Four" });
  assert.equal(refused.status, 409);
  assert.match(refused.words(".field__error"), /End one first/);
  assert.equal(refused.field("words")?.trim(), "Four");

  await eve.post("/logout");
  await eve.logIn("eve", PASSWORD);
  for (const address of addresses) assert.equal((await eve.get(address)).status, 404);
});

test("nobody else's is there for anybody", async () => {
  const address = await ask(ada, "Ada's alone");
  await ada.settled(address);
  const nothing = "/temporary/AAAAAAAAAAAAAAAAAAAAAA";

  const page = await ada.settled(address);
  const [question, answer] = page
    .$("article")
    .toArray()
    .map(({ attribs }) => String(attribs.id).replace("message-", ""));
  const form = new URLSearchParams({ words: "Mine" });
  const headers = { Origin: app.url };
  for (const [path, init] of [
    ["", { method: "GET" }],
    [`?message=${question}`, { method: "GET" }],
    ["", { method: "POST", body: form }],
    ["", { method: "DELETE" }],
    ["/parameters", { method: "GET" }],
    ["/parameters", { method: "POST", body: form }],
    [`/messages/${question}/versions/new`, { method: "GET" }],
    [`/messages/${question}/versions`, { method: "POST", body: form }],
    [`/messages/${answer}/generations/new`, { method: "GET" }],
    [`/messages/${answer}/generations`, { method: "POST" }],
    [`/generations/${answer}`, { method: "GET" }],
    [`/generations/${answer}`, { method: "DELETE" }],
  ] as const) {
    const there = await bob.request(address + path, { ...init, headers });
    const nowhere = await bob.request(nothing + path, { ...init, headers });
    assert.deepEqual([there.status, nowhere.status], [404, 404], `${init.method} ${path}`);
    assert.doesNotMatch(there.html, /Ada's alone/);
  }
  assert.match((await ada.get(address)).words(".message--question"), /Ada's alone/);
  await ada.post(address, { _method: "DELETE" });
});

test("it costs no statement but those of a page, and no row", async () => {
  const before = everything();
  const address = await ask(ada, "chaos:say Nowhere");
  await ada.settled(address);
  const statements = await statementsOf(() => ada.get(address));
  assert.ok(statements.length <= 3, statements.join("\n"));
  const writes = await statementsOf(() => ask(ada, "Again", { at: address }));
  assert.deepEqual(
    writes.filter((sql) => /INSERT|UPDATE|DELETE/i.test(sql)),
    [],
  );
  await ada.settled(address);
  assert.deepEqual(everything(), before);
  await ada.post(address, { _method: "DELETE" });
});

test("what was typed is in no login form when the session has ended", async () => {
  const expired = await app.visitor().post("/temporary", { words: "Never to be kept" });
  assert.equal(expired.status, 401);
  assert.doesNotMatch(expired.html, /Never to be kept/);
});

test("no file and no line of the log holds a word of it, and a restart ends it", async () => {
  const fake = await startFakeDeepSeek();
  const folder = mkdtempSync(path.join(os.tmpdir(), "aifacade-"));
  after(async () => {
    await fake.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const settings = {
    DATABASE_URL: `file:${path.join(folder, "chat.db")}`,
    DEEPSEEK_BASE_URL: fake.url,
  };
  const server = await startServer({ ...settings, LOG_LEVEL: "debug" });
  const visitor = server.visitor();
  await visitor.register("ada", PASSWORD);
  await visitor.talk("Written down: xylophone");
  fake.next(scenario.status(400), scenario.answer({ content: "The zephyrine secret." }));
  const address = await ask(visitor, "A quizzacious question");
  const failed = await visitor.settled(address);
  await visitor.post(String(failed.$(".outcome form").attr("action")));
  assert.match((await visitor.settled(address)).words(".message--answer"), /zephyrine/);
  await visitor.post(`${address}/parameters`, { systemPrompt: "Speak of the sarsaparilla." });
  const [edit] = await editsOf(visitor, address);
  await visitor.post(String(edit), { words: "A floccinaucinihilipilification instead" });
  await visitor.settled(address);
  fake.next(scenario.answer({ content: "The borborygmus." }));
  await visitor.post(String(await againOf(visitor, address)));
  assert.match((await visitor.settled(address)).words(".message--answer"), /borborygmus/);

  const holds = (word: string) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .some((entry) => readFileSync(path.join(entry.parentPath, entry.name)).includes(word)) ||
    server.output().includes(word);
  const secrets =
    "quizzacious zephyrine sarsaparilla floccinaucinihilipilification borborygmus".split(" ");
  assert.equal(holds("xylophone"), true);
  assert.deepEqual(secrets.filter(holds), []);

  assert.equal(await server.end("SIGTERM"), 0);
  assert.deepEqual(secrets.filter(holds), []);
  const again = await startServer(settings);
  assert.equal((await visitor.get(new URL(address, again.url).href)).status, 404);
  await again.end("SIGTERM");
});
