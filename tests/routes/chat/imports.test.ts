import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { startApp } from "../../support/app.js";
import { root } from "../../support/root.js";
import { bring, takeAll, upload, whenDone } from "../../support/uploads.js";
import type { Visitor } from "../../support/visitor.js";
import { zipped } from "../../support/zipped.js";

const app = await startApp({ IMPORT_MAX_MEGABYTES: "2" });
const { indexWaiting } = await import("../../../src/models/search/indexing.js");
const ada = await app.signedIn("ada");
const SAMPLES = path.join(root, "tests/fixtures/exports");

const sample = (name: string) => readFileSync(path.join(SAMPLES, name), "utf8");
const idOf = (address: string) => address.split("/").at(-1) ?? "";
const titlesOf = async (visitor: Visitor) =>
  (await visitor.get("/conversations")).all("a.listing__link");

let people = 0;
const somebody = () => app.signedIn(`person ${++people}`);

async function exported(visitor: Visitor, conversation: string): Promise<string> {
  return (await visitor.get(`${conversation}/export.json`)).html;
}

async function newest(visitor: Visitor): Promise<string> {
  return String((await linksOf(visitor))[0]);
}

async function linksOf(visitor: Visitor): Promise<string[]> {
  const { $ } = await visitor.get("/conversations");
  return $("a.listing__link")
    .toArray()
    .map((link) => String($(link).attr("href")));
}

const LETTER = Buffer.from("Caf\xe9 au lait\r\nfor two\r\n", "latin1");
const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
);
const FILES = {
  "letter.txt": LETTER,
  "dot.png": PICTURE,
  "long.csv": Buffer.alloc(700_001, "a,b\n"),
};

const filesOf = () =>
  Object.entries(FILES).map(([name, bytes]) => new File([Uint8Array.from(bytes)], name));

async function bytesOf(visitor: Visitor, link: string): Promise<Buffer> {
  const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const headers = { Cookie: cookie, "User-Agent": visitor.userAgent };
  return Buffer.from(await (await fetch(new URL(link, app.url), { headers })).arrayBuffer());
}

/** What each file that a conversation shows comes back as. */
async function downloads(visitor: Visitor, conversation: string) {
  const { $ } = await visitor.get(conversation);
  const links = $(".message--question a.file")
    .toArray()
    .map((link) => [$(link).find(".file__name").text(), String($(link).attr("href"))] as const);
  return Promise.all(links.map(async ([name, link]) => [name, await bytesOf(visitor, link)]));
}

/** Twenty turns, with files, with versions of questions and of answers, one stopped, one looked at that is not the newest. */
async function longTalk(visitor: Visitor): Promise<string> {
  const asked = await visitor.postFiles("/chat", { prompt: "chaos:say Turn 0." }, filesOf());
  const conversation = String(asked.location);
  await visitor.settled(conversation);
  for (let turn = 1; turn < 20; turn += 1) {
    await visitor.talk(`chaos:say Turn ${turn} with \`code\` & ümläuts 🚂.`, {
      conversation: idOf(conversation),
    });
  }
  const page = await visitor.get(conversation);
  const edits = page.$("a[href$='/versions/new']");
  for (const index of [3, 12]) {
    const edit = String(page.$(edits[index]).attr("href")).replace("/new", "");
    await visitor.submit(edit, { prompt: `chaos:say Another ${index}.` });
    await visitor.settled(conversation);
  }
  const again = await visitor.get(conversation);
  await visitor.submit(String(again.$("form[action$='/generations']").last().attr("action")));
  const last = await visitor.settled(conversation);
  app.database
    .prepare(
      "UPDATE Message SET state = 'stopped', reasoning = 'Hm.', thoughtForMs = 1200 WHERE id = (SELECT max(id) FROM Message)",
    )
    .run();
  await visitor.get(String(last.$(".siblings a[aria-label^=Previous]").first().attr("href")));
  await visitor.post(conversation, { _method: "PATCH", title: "Twenty turns" });
  await visitor.post(`${conversation}/pin`);
  await visitor.post("/folders", { name: "Turns" });
  app.database
    .prepare(
      `UPDATE Conversation SET folderId = (SELECT max(id) FROM Folder), model = 'deepseek-pro', thinking = 'low',
         temperature = 0.5, topP = 0.9, maxTokens = 100, systemPrompt = 'Be brief.' WHERE id = ?`,
    )
    .run(idOf(conversation));
  return conversation;
}

test("twenty turns with their branches come back from a file as they were", async () => {
  const grace = await somebody();
  const before = await exported(ada, await longTalk(ada));
  const { page } = await takeAll(grace, before);
  assert.match(page.words(".notice"), /^1 conversation is imported/);

  const conversation = await newest(grace);
  const after = await exported(grace, conversation);
  const withoutId = (text: string) => text.replace(/"id":"[\w-]{22}"/, "");
  assert.equal(withoutId(after), withoutId(before));
  assert.deepEqual(await downloads(grace, conversation), Object.entries(FILES));
  await indexWaiting();
  const found = (visitor: Visitor) => visitor.get("/search?q=ümläuts+12");
  const snippets = (await found(grace)).all(".hit__snippet");
  assert.ok(snippets.length > 0);
  assert.deepEqual(snippets, (await found(ada)).all(".hit__snippet"));
  assert.equal(JSON.parse(before).conversation.messages.length, 45);
  assert.equal(JSON.parse(after).conversation.folder, "Turns");
  assert.equal((await grace.get(conversation)).status, 200);
});

test("everything of mine comes back from its archive", async () => {
  const [linus, mary] = [await somebody(), await somebody()];
  for (const words of ["One", "Two"]) await linus.talk(`chaos:say ${words}.`);
  const asked = await linus.postFiles("/chat", { prompt: "chaos:say Three." }, filesOf());
  await linus.settled(String(asked.location));
  const fork = await linus.get(String(asked.location));
  await linus.submit(String(fork.$("form[action$='/forks']").last().attr("action")));
  const { page } = await takeAll(mary, await bytesOf(linus, "/account/archive"), "all.zip");

  assert.match(page.words(".notice"), /^4 conversations are imported/);
  assert.deepEqual(await titlesOf(mary), await titlesOf(linus));
  for (const conversation of (await linksOf(mary)).slice(0, 2)) {
    assert.deepEqual(await downloads(mary, conversation), Object.entries(FILES));
  }
  const bytes = app.database.prepare("SELECT sum(bytes) AS bytes FROM File GROUP BY userId").all();
  assert.ok(bytes.length >= 2);
  assert.deepEqual(bytes.at(-1), bytes.at(-2), "what two conversations have is stored once");
});

test("before anything is imported its page says what there is, and what is not taken in", async () => {
  const visitor = await somebody();
  const { page } = await bring(visitor, sample("chatgpt.json"), "conversations.json");

  assert.equal(page.words("h1"), "conversations.json");
  assert.match(
    page.words(".imports__text"),
    /^2 conversations of ChatGPT\. 1 cannot be imported: .* Chosen: 2, with 7 messages\.$/,
  );
  const items = page.all(".imports__item");
  assert.match(
    items[0] ?? "",
    /^Brakes .* 5 messages, 2 hidden notes, 2 steps of tools and 1 picture left out$/,
  );
  assert.match(items[2] ?? "", /^Nothing left It has no messages\.$/);
  assert.equal(page.$("[name=positions]").length, 2);
  assert.deepEqual(await titlesOf(visitor), []);
});

for (const [name, titles] of [
  ["chatgpt.json", ["Brakes"]],
  ["claude.json", ["Soup", "Older"]],
  ["open-webui.json", ["Tea"]],
  ["librechat-row.json", ["Chess"]],
  ["librechat-tree.json", ["Chess"]],
] as const) {
  test(`${name} is imported, and can be gone on with`, async () => {
    const visitor = await somebody();
    await takeAll(visitor, sample(name));
    assert.deepEqual(await titlesOf(visitor), titles);

    const conversation = await newest(visitor);
    const further = await visitor.talk("chaos:say Further.", { conversation: idOf(conversation) });
    assert.equal(further.all(".message--answer .message__body").at(-1), "Further.");
  });
}

test("an archive as OpenAI and Anthropic send it is looked through", async () => {
  const visitor = await somebody();
  const zip = await zipped({
    "chat.html": "<html>",
    "user.json": "{}",
    "file-1.png": Buffer.from([137, 80]),
    "conversations.json": sample("chatgpt.json"),
  });
  await takeAll(visitor, zip, "export.zip");
  assert.deepEqual(await titlesOf(visitor), ["Brakes"]);

  const split = {
    "out/conversations-000.json": sample("claude.json"),
    "out/conversations-001.json": "[]",
  };
  await takeAll(visitor, await zipped(split), "data.zip");
  assert.deepEqual(await titlesOf(visitor), ["Brakes", "Soup", "Older"]);
});

test("what was archived elsewhere is archived here", async () => {
  const visitor = await somebody();
  await takeAll(visitor, sample("chatgpt.json"));
  assert.deepEqual((await visitor.get("/archive")).all("a.listing__link"), ["Good morning"]);
});

test("a model is told the same as before, to the byte", async () => {
  const [linus, mary] = [await somebody(), await somebody()];
  const asked = await linus.postFiles("/chat", { prompt: "chaos:say Read." }, filesOf());
  await linus.settled(String(asked.location));
  const told = () => app.fake.requests.at(-1)?.body.messages[0]?.content;
  await linus.talk("chaos:say More.", { conversation: idOf(String(asked.location)) });
  const before = told();

  await takeAll(mary, await exported(linus, String(asked.location)));
  await mary.talk("chaos:say More.", { conversation: idOf(await newest(mary)) });
  assert.deepEqual(told(), before);
  assert.match(JSON.stringify(before), /Café au lait\\nfor two/);
});

test("only what is chosen comes", async () => {
  const visitor = await somebody();
  const { path: address } = await bring(visitor, sample("claude.json"));
  await visitor.post(address, { _method: "PATCH", act: "take", page: 1, positions: 2 });
  await whenDone(visitor, address);
  assert.deepEqual(await titlesOf(visitor), ["Older"]);
});

test("nothing chosen is said, and may be chosen again", async () => {
  const visitor = await somebody();
  const { path: address } = await bring(visitor, sample("claude.json"));
  await visitor.post(address, { _method: "PATCH", act: "none", page: 1 });
  const page = await visitor.submit(address, { _method: "PATCH", act: "take", page: 1 });
  assert.match(page.words(".flash"), /Choose at least one/);
  const all = await visitor.submit(address, { _method: "PATCH", act: "all", page: 1 });
  assert.equal(all.$("[name=positions][checked]").length, 2);
});

test("what was chosen stays chosen from page to page", async () => {
  const visitor = await somebody();
  const [soup] = JSON.parse(sample("claude.json"));
  const many = Array.from({ length: 70 }, (_, index) => ({
    ...soup,
    uuid: `c${index}`,
    name: `Soup ${index}`,
  }));
  const { path: address, page } = await bring(visitor, many);
  assert.equal(page.$("[name=positions][checked]").length, 30);

  const second = await visitor.submit(address, {
    _method: "PATCH",
    act: "older",
    page: 1,
    positions: 7,
  });
  assert.match(second.words(".pagination__number"), /Page 2/);
  const first = await visitor.submit(address, { _method: "PATCH", act: "newer", page: 2 });
  assert.deepEqual(
    first
      .$("[name=positions][checked]")
      .toArray()
      .map((box) => first.$(box).attr("value")),
    ["7"],
  );
  assert.match(first.words(".imports__text"), /Chosen: 11,/);
  await visitor.post(address, { _method: "PATCH", act: "take", page: 1, positions: 7 });
  await whenDone(visitor, address);
  assert.equal(
    app.database
      .prepare("SELECT count(*) FROM ImportItem WHERE state = 'imported' AND importId = ?")
      .pluck()
      .get(idOf(address)),
    11,
  );
});

test("what has come already is recognised, also in the same file, and not chosen", async () => {
  const visitor = await somebody();
  await takeAll(visitor, sample("claude.json"));
  const [soup, older] = JSON.parse(sample("claude.json"));
  const renamed = { ...soup, name: "Renamed since" };
  const grown = {
    ...older,
    chat_messages: [
      ...older.chat_messages,
      { ...older.chat_messages[0], uuid: "n3", text: "More?" },
    ],
  };
  const { page } = await bring(visitor, [renamed, grown, grown]);

  assert.match(page.words(".imports__text"), /1 of them here already.*Chosen: 1,/);
  assert.deepEqual(
    page
      .$("[name=positions][checked]")
      .toArray()
      .map((box) => page.$(box).attr("value")),
    ["2"],
  );
  const link = page.$(".imports__item").first().find("a").attr("href");
  assert.equal((await visitor.get(String(link))).words("h1"), "Soup");
  assert.match(page.all(".imports__item")[2] ?? "", /The same is in this file before/);
});

test("my own conversation, unchanged, is recognised as itself", async () => {
  const visitor = await somebody();
  const conversation = await visitor.ask("chaos:say Mine.");
  await visitor.settled(conversation);
  const file = await exported(visitor, conversation);
  const { page } = await bring(visitor, file);
  assert.equal(page.$(".imports__item a").attr("href"), conversation);

  await visitor.post(conversation, { _method: "DELETE" });
  const { page: gone } = await bring(visitor, file);
  assert.equal(gone.$("[name=positions][checked]").length, 1);
});

test("what another server has paid for counts here as nothing", async () => {
  const visitor = await somebody();
  await takeAll(visitor, await exported(ada, await newest(ada)));
  const conversation = await newest(visitor);
  const rows = app.database
    .prepare(
      "SELECT copiedFromId, promptTokens, html FROM Message WHERE conversationId = ? AND role = 'answer'",
    )
    .all(idOf(conversation)) as Record<string, unknown>[];
  assert.ok(rows.every((row) => row.copiedFromId === 0));
  assert.ok(rows.some((row) => Number(row.promptTokens) > 0));
  const { importedAt } = app.database
    .prepare("SELECT importedAt FROM Conversation WHERE id = ?")
    .get(idOf(conversation)) as Record<string, string>;
  assert.ok(Date.parse(importedAt ?? "") > 0);
  assert.ok((await visitor.get(conversation)).$(".receipt").length > 0);
});

test("the search finds what was imported", async () => {
  const visitor = await somebody();
  await takeAll(visitor, sample("claude.json"));
  await indexWaiting();
  const page = await visitor.get("/search?q=potatoes");
  assert.match(page.words("main"), /Soup/);
});

test("a restart in the middle goes on where it was, and nothing comes twice", async () => {
  const imports = await import("../../../src/transfer/in/imports.js");
  const visitor = await somebody();
  const [soup] = JSON.parse(sample("claude.json"));
  const long = Array.from({ length: 900 }, (_, index) => ({
    ...soup.chat_messages[index % 2],
    uuid: `n${index}`,
    parent_message_uuid: `n${index - 1}`,
  }));
  const many = Array.from({ length: 20 }, (_, index) => ({
    ...soup,
    uuid: `r${index}`,
    chat_messages: long,
  }));
  const { path: address } = await bring(visitor, many.slice(0, 4));
  await visitor.post(address, { _method: "PATCH", act: "all", page: 1 });
  await visitor.post(address, { _method: "PATCH", act: "take", page: 1, positions: 1 });
  await imports.drain();
  const page = await visitor.get(address);
  assert.equal(page.$("import-progress[running]").length, 1);
  assert.match(String(page.$("noscript").html()), /http-equiv="refresh"/);

  await imports.open();
  await whenDone(visitor, address);
  const counts = app.database
    .prepare(
      `SELECT count(*) AS conversations, (SELECT count(*) FROM Message WHERE conversationId IN
         (SELECT id FROM Conversation AS mine WHERE mine.userId = Conversation.userId AND mine.trashedAt IS NULL)) AS messages
       FROM Conversation WHERE trashedAt IS NULL AND userId = (SELECT userId FROM Import WHERE id = ?)`,
    )
    .get(idOf(address));
  assert.deepEqual(counts, { conversations: 1, messages: 900 });
});

test("while one file is under way, another is not begun", async () => {
  const visitor = await somebody();
  const { path: address } = await bring(visitor, sample("claude.json"));
  app.database.prepare("UPDATE Import SET state = 'importing' WHERE id = ?").run(idOf(address));
  const page = await upload(visitor, sample("claude.json"));
  assert.equal(page.status, 409);
  assert.match(page.words(".field__error"), /Another file of yours/);
});

test("a file whose import was removed is gone from the disk", async () => {
  const visitor = await somebody();
  const { path: address } = await bring(visitor, sample("claude.json"));
  const { config } = await import("../../../src/config.js");
  const files = () =>
    readdirSync(config.imports.folder).filter((name) => name.startsWith(idOf(address)));
  assert.equal(files().length, 2);
  const page = await visitor.submit(address, { _method: "DELETE" });
  assert.match(page.words(".flash"), /Removed/);
  assert.deepEqual(files(), []);
  assert.equal((await visitor.get(address)).status, 404);
});

test("another's import is not found, whatever is asked of it", async () => {
  const eve = await app.signedIn("eve");
  const { path: address } = await bring(ada, sample("claude.json"));
  assert.equal((await eve.get(address)).status, 404);
  assert.equal(
    (await eve.post(address, { _method: "PATCH", act: "take", page: 1, positions: 1 })).status,
    404,
  );
  assert.equal((await eve.post(address, { _method: "DELETE" })).status, 404);
  assert.equal((await ada.get(address)).status, 200);
});
