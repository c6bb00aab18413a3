// Which part of which branch a page shows: the one that was looked at last, around what its address names.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../support/app.js";
import { longConversation } from "../../support/long-conversation.js";
import { readingsOf, statementsOf } from "../../support/statements.js";
import type { Page } from "../../support/visitor.js";

const app = await startApp();
const ada = await app.signedIn("ada");

const answersOn = (page: Page) => page.all(".message--answer .message__body");
const idsOn = ({ $ }: Page) =>
  $(".message")
    .toArray()
    .map((article) => Number(String($(article).attr("id")).replace("message-", "")));
const changes = (sql: string) => /^\s*(?:UPDATE|INSERT|DELETE)/i.test(sql);

/** A conversation whose first question has two versions; the newer one is read. */
async function twoBranches() {
  const path = await ada.ask("chaos:say Older.");
  const first = await ada.settled(path);
  const id = idsOn(first)[0];
  const answer = idsOn(first)[1];
  await ada.submit(`/messages/${id}/versions`, { prompt: "chaos:say Newer." });
  const page = await ada.settled(path);
  const previous = String(page.$("[aria-label='Previous version']").attr("href"));
  return { path, previous, conversation: String(path.split("/").at(-1)), answer };
}

test("a conversation is opened again where it was read, not where it was written last", async () => {
  const { path, previous } = await twoBranches();
  assert.deepEqual(answersOn(await ada.get(path)), ["Newer."]);
  const older = await ada.get(previous);
  assert.deepEqual(answersOn(await ada.get(path)), ["Older."]);

  await ada.get(String(older.$("[aria-label='Next version']").attr("href")));
  assert.deepEqual(answersOn(await ada.get(path)), ["Newer."]);
});

test("what is said in a branch is what is read next, whichever branch that is", async () => {
  const { path, previous, conversation, answer } = await twoBranches();
  await ada.get(previous);
  await ada.talk("chaos:say Lower.", { conversation, parent: Number(answer) });
  assert.deepEqual(answersOn(await ada.get(path)), ["Older.", "Lower."]);

  await ada.get(previous);
  assert.deepEqual(answersOn(await ada.get(path)), ["Older.", "Lower."]);
});

test("a link to what two branches have in common stays in the one that was read", async () => {
  const path = await ada.ask("chaos:say Common.");
  const [question, answer] = idsOn(await ada.settled(path));
  const conversation = String(path.split("/").at(-1));
  const second = await ada.talk("chaos:say Older.", { conversation });
  await ada.submit(`/messages/${idsOn(second)[2]}/versions`, { prompt: "chaos:say Newer." });
  const newer = await ada.settled(path);
  await ada.get(String(newer.$("[aria-label='Previous version']").attr("href")));

  for (const id of [question, answer]) {
    assert.deepEqual(answersOn(await ada.get(`${path}?message=${id}`)), ["Common.", "Older."]);
  }
});

test("a page writes only where another branch is looked at", async () => {
  const { path, previous } = await twoBranches();
  const writes = async (address: string) =>
    (await statementsOf(() => ada.get(address))).filter(changes);

  assert.deepEqual(await writes(path), []);
  assert.equal((await writes(previous)).length, 1);
  assert.deepEqual(await writes(previous), []);
  assert.deepEqual(await writes(path), []);
});

test("what a browser fetches ahead of its reader, or asks only the head of, is not what was read", async () => {
  const { path, previous } = await twoBranches();
  await ada.get(previous, { "Sec-Purpose": "prefetch;prerender" });
  await ada.request(previous, { method: "HEAD" });
  assert.deepEqual(answersOn(await ada.get(path)), ["Newer."]);
});

test("where somebody else reads is their own", async () => {
  const { path, previous } = await twoBranches();
  const bob = await app.signedIn("bob");
  assert.equal((await bob.get(previous)).status, 404);
  assert.deepEqual(answersOn(await ada.get(path)), ["Newer."]);
});

test("a link to any message of 2,500 opens a page with it, and leads on in both directions", async () => {
  const { path, ids } = await longConversation(app, ada, 2500);

  for (const index of [0, 1, 24, 25, 1200, 2449, 2450, 2498, 2499]) {
    const page = await ada.get(`${path}?message=${ids[index]}`);
    const shown = idsOn(page);
    assert.ok(shown.includes(Number(ids[index])), `message ${index}`);
    assert.ok(shown.length > 20 && shown.length <= 50, `${shown.length} around message ${index}`);
    assert.equal(page.$(".transcript__earlier").length, shown[0] === ids[0] ? 0 : 1);
    assert.equal(page.$(".transcript__later").length, shown.at(-1) === ids.at(-1) ? 0 : 1);
    assert.equal(Number(page.field("parent")), ids.at(-1));
  }
});

test("from the middle of 2,500 messages one reads to either end without missing one", async () => {
  const { path, ids } = await longConversation(app, ada, 300);
  const middle = await ada.get(`${path}?message=${ids[150]}`);
  const seen = new Set(idsOn(middle));

  for (const link of [".transcript__earlier a", ".transcript__later a:first-child"]) {
    let page = middle;
    for (let pages = 0; page.$(link).length > 0; pages += 1) {
      assert.ok(pages < 10);
      page = await ada.get(String(page.$(link).attr("href")));
      for (const id of idsOn(page)) seen.add(id);
    }
  }
  assert.equal(seen.size, 300);
  const end = await ada.get(String(middle.$(".transcript__later a").last().attr("href")));
  assert.deepEqual(idsOn(end), ids.slice(-50));
});

test("the page that follows begins with the message that was read last, and goes there", async () => {
  const { path, ids } = await longConversation(app, ada, 300);
  const page = await ada.get(`${path}?message=${ids[100]}`);
  const last = idsOn(page).at(-1);
  const next = String(page.$(".transcript__later a").attr("href"));

  assert.ok(next.endsWith(`#message-${last}`));
  assert.equal(idsOn(await ada.get(next))[0], last);
});

test("of 2,500 messages a page reads fifty, wherever it lies, and so does what is added", async () => {
  const { path, conversationId, ids } = await longConversation(app, ada, 2500);
  const middle = ids[1200];
  const readings = await readingsOf(async () => {
    for (const query of ["", `?message=${middle}`, `?before=${middle}`, `?from=${middle}`]) {
      assert.equal(idsOn(await ada.get(path + query)).length, 50);
    }
    await ada.get(`/messages/${ids[1202]}/versions/new`);
    await ada.post(`/messages/${ids[2498]}/versions`, { prompt: "chaos:say Beside." });
    await ada.settled(path);
    await ada.talk("chaos:say Below.", { conversation: conversationId });
  });

  // What the model is told is another matter.
  const ours = readings.filter(
    ({ sql }) => !/SELECT role, body,|role, octet_length\(body\)/.test(sql),
  );
  assert.ok(readings.length - ours.length >= 4);
  assert.ok(ours.length > 20);
  assert.deepEqual(
    ours.filter(({ rows }) => rows > 51),
    [],
  );
});

test("of more than may be told only the end is read, and it begins at the same question for a while", async () => {
  const { leadingTo } = await import("../../../src/models/messages/path.js");
  const path = await ada.ask("chaos:say One.");
  await ada.settled(path);
  const conversation = String(path.split("/").at(-1));
  const begins: (string | undefined)[] = [];
  for (let turn = 1; turn <= 8; turn += 1) {
    const page = await ada.talk(`chaos:say ${turn} ${"x".repeat(980)}`, { conversation });
    const told = await leadingTo(conversation, Number(idsOn(page).at(-1)), 8000);
    begins.push(told?.[0]?.body.slice(0, 11));
    assert.equal(told?.[0]?.role, "question");
    assert.ok(told.reduce((sum, { body }) => sum + body.length, 0) <= 8000);
  }
  assert.ok(new Set(begins).size > 1, String(begins));
  assert.ok(new Set(begins).size < 5, String(begins));
});

test("the texts of files count as well, and a question that is too long alone is not read", async () => {
  const { leadingTo } = await import("../../../src/models/messages/path.js");
  const file = new File(["y".repeat(5000)], "long.txt");
  const sent = await ada.postFiles("/chat", { prompt: "chaos:say Read." }, [file]);
  const path = String(sent.location).split("?")[0] ?? "";
  const answer = Number(idsOn(await ada.settled(path)).at(-1));
  const conversation = String(path.split("/").at(-1));

  assert.equal(await leadingTo(conversation, answer, 4000), null);
  const whole = await leadingTo(conversation, answer, 6000);
  assert.equal(whole?.[0]?.files[0]?.text.length, 5000);

  const later = await ada.talk("chaos:say Later.", { conversation });
  const told = await leadingTo(conversation, Number(idsOn(later).at(-1)), 4000);
  assert.deepEqual(
    told?.map(({ body }) => body),
    ["chaos:say Later."],
  );
});
