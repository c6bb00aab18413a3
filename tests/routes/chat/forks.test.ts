import assert from "node:assert/strict";
import { test } from "node:test";
import { answerOn } from "../../support/answers.js";
import { startApp } from "../../support/app.js";
import * as scenario from "../../support/fake-deepseek.js";
import { longConversation } from "../../support/long-conversation.js";
import { statementsOf } from "../../support/statements.js";
import type { Page } from "../../support/visitor.js";

const app = await startApp();
const ada = await app.signedIn("ada");

const questionsOn = (page: Page) => page.all(".message--question .message__body");
const answersOn = (page: Page) => page.all(".message--answer .message__body");
const forkOn = ({ $ }: Page, index: number) =>
  String($("form[action$='/forks']").eq(index).attr("action"));

function rowsOf(path: string): Record<string, unknown>[] {
  const id = path.split("/").at(-1);
  const rows = app.database.prepare("SELECT * FROM Message WHERE conversationId = ? ORDER BY id");
  return rows.all(id) as Record<string, unknown>[];
}

/** A conversation of three questions; the second has an older version. */
async function talked() {
  const path = await ada.ask("chaos:say One.");
  const conversation = String(path.split("/").at(-1));
  await ada.settled(path);
  const second = await ada.talk("chaos:say Old two.", { conversation });
  const edit = String(second.$("a[href$='/versions/new']").last().attr("href"));
  await ada.submit(edit.replace("/new", ""), { prompt: "chaos:say Two." });
  await ada.settled(path);
  const page = await ada.talk("chaos:say Three.", { conversation });
  return { path, page };
}

test("a fork has what led to an answer, and goes its own way from there", async () => {
  const { path, page } = await talked();
  const forked = await ada.post(forkOn(page, 3));
  const opened = await ada.follow(forked);

  assert.notEqual(forked.location, path);
  assert.deepEqual(questionsOn(opened), ["chaos:say One.", "chaos:say Two."]);
  assert.deepEqual(answersOn(opened), ["One.", "Two."]);
  assert.equal(opened.words("h1"), "chaos:say One. (fork)");
  assert.match(opened.words(".flash p"), /^Forked\./);
  assert.equal(opened.$(".siblings").length, 0);
  assert.equal(opened.all(".sidebar__link")[0], "chaos:say One. (fork)");

  const conversation = String(forked.location).split("/").at(-1) ?? "";
  const further = await ada.talk("chaos:say Elsewhere.", {
    conversation,
    parent: String(opened.field("parent")),
  });
  assert.deepEqual(answersOn(further), ["One.", "Two.", "Elsewhere."]);
  assert.deepEqual(answersOn(await ada.get(path)), ["One.", "Two.", "Three."]);
});

test("a copy is as its original is, and says whose costs it shows", async () => {
  const { path, page } = await talked();
  const { location } = await ada.post(forkOn(page, 5));
  const ids = page
    .$(".message")
    .toArray()
    .map((article) => Number(String(page.$(article).attr("id")).replace("message-", "")));
  const originals = rowsOf(path).filter(({ id }) => ids.includes(Number(id)));
  const copies = rowsOf(String(location));
  const own = ["id", "conversationId", "parentId", "copiedFromId", "sendDigest"];
  const shared = Object.keys(originals[0] ?? {}).filter((column) => !own.includes(column));

  assert.equal(copies.length, 6);
  for (const [index, copied] of copies.entries()) {
    for (const column of shared) assert.equal(copied[column], originals[index]?.[column], column);
    assert.equal(copied.copiedFromId, originals[index]?.id);
    assert.equal(copied.parentId, copies[index - 1]?.id ?? null);
    assert.equal(copied.sendDigest, null);
  }
  assert.ok(copies.some(({ promptTokens }) => Number(promptTokens) > 0));
  assert.ok(originals.every(({ copiedFromId }) => copiedFromId === null));
});

test("a fork of a question has what came before, and the question to be asked again", async () => {
  const { page } = await talked();
  const opened = await ada.submit(forkOn(page, 4));

  assert.deepEqual(answersOn(opened), ["One.", "Two."]);
  assert.equal(opened.field("prompt"), "chaos:say Three.");
  assert.match(opened.words(".flash p"), /in the box below/);
});

test("a fork of the first question is a new conversation that begins with it", async () => {
  const { page } = await talked();
  const before = app.database.prepare("SELECT count(*) FROM Conversation").pluck().get();
  const opened = await ada.submit(forkOn(page, 0));

  assert.equal(opened.field("prompt"), "chaos:say One.");
  assert.equal(opened.field("conversation"), undefined);
  assert.equal(app.database.prepare("SELECT count(*) FROM Conversation").pluck().get(), before);
});

test("a fork of a fork is called so once", async () => {
  const { page } = await talked();
  const fork = await ada.submit(forkOn(page, 5));
  const again = await ada.submit(forkOn(fork, 3));
  assert.equal(again.words("h1"), "chaos:say One. (fork)");
});

test("an answer that is being written is not forked yet, and one above is copied as far as it is", async () => {
  const { page } = await talked();
  const opened = await ada.submit(forkOn(page, 5));
  app.fake.next(scenario.hold(["Half"], [" whole"]));
  const conversation = String(opened.field("conversation"));
  const running = await ada.get(await ada.ask("Go on?", { conversation }));
  const id = answerOn(running);
  assert.equal((await ada.post(`/messages/${id}/forks`)).status, 409);

  const further = app.database.prepare(
    "INSERT INTO Message (conversationId, parentId, role, body, state) VALUES (?, ?, 'answer', 'x', 'complete')",
  );
  const { lastInsertRowid } = further.run(conversation, id);
  const forked = await ada.post(`/messages/${lastInsertRowid}/forks`);
  const copied = rowsOf(String(forked.location)).at(-2);
  assert.deepEqual([copied?.state, copied?.runningIn], ["stopped", null]);
  await ada.submit(`/generations/${id}`, { _method: "DELETE" });
});

test("2,500 messages are copied by one statement, and can be gone on with", async () => {
  const { ids } = await longConversation(app, ada, 2500);
  let location = "";
  const statements = await statementsOf(async () => {
    location = String((await ada.post(`/messages/${ids.at(-1)}/forks`)).location);
  });

  assert.equal(statements.filter((sql) => /INSERT INTO Message/.test(sql)).length, 1);
  assert.equal(rowsOf(location).length, 2500);
  const conversation = location.split("/").at(-1) ?? "";
  const page = await ada.talk("chaos:say On.", { conversation });
  assert.equal(answersOn(page).at(-1), "On.");
});
