import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { startApp } from "../support/app.js";
import * as scenario from "../support/fake-deepseek.js";
import { closed } from "../support/fake-deepseek.js";

const app = await startApp({ AUTO_TITLES: "on", DEEPSEEK_DIALECT: "deepseek" });
const ada = await app.signedIn("ada");
const { fake } = app;
const { wire } = scenario;

function idOf(path: string): string {
  return path.split("/").at(-1) ?? "";
}

function row(path: string): Record<string, unknown> {
  const select = app.database.prepare("SELECT * FROM Conversation WHERE id = ?");
  return select.get(idOf(path)) as Record<string, unknown>;
}

/** When nobody asks for a title of this conversation any more. */
async function named(path: string) {
  await ada.get(`/sidebar?open=${idOf(path)}&wait=title`);
}

async function titleOf(path: string): Promise<string> {
  await named(path);
  return (await ada.get(path)).words("h1");
}

function givenBy(content: string) {
  fake.titles = scenario.answer({ content, reasoning: "" });
}

test("after the first answer the model names a conversation, on the page and in the list", async () => {
  givenBy("Why the sky is blue");
  const path = await ada.ask("chaos:say It scatters.");
  await ada.settled(path);

  assert.equal(await titleOf(path), "Why the sky is blue");
  assert.equal((await ada.get("/")).all(".sidebar__link")[0], "Why the sky is blue");
});

test("it is told the question and how the answer begins, no more, and asked to be brief", async () => {
  fake.forget();
  const path = await ada.ask(`Long ${"question ".repeat(500)} chaos:long@2000`);
  await ada.settled(path);
  await named(path);
  const [request] = fake.titleRequests;

  assert.equal(fake.titleRequests.length, 1);
  assert.deepEqual(request?.body.thinking, { type: "disabled" });
  assert.ok(request?.body.max_tokens < 100);
  const [message] = request?.body.messages ?? [];
  assert.match(message.content, /in the language of the question/);
  assert.match(message.content, /Question:\nLong question[\s\S]+Answer:\nword1 word2/);
  assert.ok(message.content.length < 1500);
});

test("a title is asked for from the model that has answered", async () => {
  givenBy("By whom");
  fake.forget();
  const path = await ada.ask("chaos:say It scatters.");
  app.database.exec("UPDATE Conversation SET model = 'another'");
  await ada.settled(path);
  await named(path);

  assert.equal(fake.titleRequests[0]?.body.model, "deepseek-flash");
  assert.equal(row(path).titleModel, "deepseek-flash");
});

test("what it cost stands in columns of its own, and counts among the tokens", async () => {
  const before = await tokens();
  const path = await ada.ask("chaos:say Count me.");
  await ada.settled(path);
  await named(path);

  const { titleModel, titlePromptTokens, titleCachedTokens, titleCompletionTokens } = row(path);
  assert.deepEqual(
    [titleModel, titlePromptTokens, titleCachedTokens, titleCompletionTokens],
    ["deepseek-flash", 120, 64, 40],
  );
  // The answer and its title.
  assert.equal((await tokens()) - before, 2 * 160);
});

async function tokens(): Promise<number> {
  const { html } = await app.visitor().get("/metrics");
  const counts = [...html.matchAll(/^aifacade_tokens_total\{.*\} (\d+)$/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

test("no second exchange is named, nor what a person has named", async () => {
  const path = await ada.ask("chaos:say First.");
  await ada.settled(path);
  await named(path);
  fake.forget();
  await ada.talk("chaos:say Second.", { conversation: idOf(path) });
  await named(path);

  const held = scenario.hold(["Well, "], ["yes."]);
  fake.next(held);
  const other = await ada.ask("To be renamed");
  await ada.post(other, { _method: "PATCH", title: "By hand" });
  held.release();
  await ada.settled(other);
  assert.equal(await titleOf(other), "By hand");
  assert.equal(fake.titleRequests.length, 0);
});

test("a title that a person gives while the model looks for one stays", async () => {
  const held = scenario.hold(["The model's "], ["title"]);
  fake.forget();
  fake.titles = held;
  const path = await ada.ask("chaos:say Race me.");
  await ada.settled(path);
  while (fake.titleRequests.length === 0) await pause(5);
  await ada.post(path, { _method: "PATCH", title: "By hand" });
  held.release();

  assert.equal(await titleOf(path), "By hand");
  assert.equal(row(path).titledBy, "person");
  assert.equal(row(path).titlePromptTokens, 120);
});

for (const [what, titles] of [
  ["an error", scenario.status(500, wire.complaint("no"))],
  ["a refusal", scenario.status(400, wire.complaint("no"))],
  ["a cut", scenario.cutAfter(1, "rst")],
  ["an answer of nothing", scenario.answer({ content: ' "" \n', reasoning: "" })],
  ["a page of HTML", scenario.htmlPage()],
  ["a story", scenario.endless()],
] as const) {
  test(`where the model gives ${what}, the first words stay, and it is asked once`, async () => {
    fake.forget();
    fake.titles = titles;
    const path = await ada.ask("chaos:say Keep these words");
    await ada.settled(path);

    assert.equal(await titleOf(path), "chaos:say Keep these words");
    assert.equal(fake.titleRequests.length, 1);
    await closed(fake.titleRequests[0]);
  });
}

test("what rambles instead of giving a title is counted, as one of which no tokens were told", async () => {
  fake.forget();
  fake.titles = scenario.endless();
  const path = await ada.ask("chaos:say Keep these words, too");
  await ada.settled(path);
  await named(path);
  const counted = app.database.prepare(
    "SELECT requests, untold FROM Usage WHERE purpose = 'title' AND conversationId = ?",
  );
  assert.deepEqual(counted.get(path.split("/").at(-1)), { requests: 1, untold: 1 });
});

test("an answer that failed names nothing; the next try does", async () => {
  fake.forget();
  givenBy("At last");
  fake.next(scenario.status(400, wire.complaint("no")));
  const path = await ada.ask("Try again");
  const failed = await ada.settled(path);
  await named(path);
  assert.equal(fake.titleRequests.length, 0);

  const answer = String(failed.$(".message--answer").attr("id")).replace("message-", "");
  await ada.submit(`/messages/${answer}/generations`);
  await ada.settled(path);
  assert.equal(await titleOf(path), "At last");
});

test("the end of an answer does not wait for its title", async () => {
  fake.forget();
  const held = scenario.hold([], ["Late"]);
  fake.titles = held;
  const path = await ada.ask("chaos:say Done.");
  const page = await ada.settled(path);
  assert.equal(page.words("h1"), "chaos:say Done.");

  held.release();
  assert.equal(await titleOf(path), "Late");
});

test("two are asked for at once, the others wait", async () => {
  fake.forget();
  const held = scenario.hold([], ["Together"]);
  fake.titles = held;
  const paths = await Promise.all([1, 2, 3, 4].map((n) => ada.ask(`chaos:say ${n}`)));
  for (const path of paths) await ada.settled(path);
  while (fake.titleRequests.length < 2) await pause(5);
  await pause(50);
  assert.equal(fake.titleRequests.length, 2);

  held.release();
  for (const path of paths) assert.equal(await titleOf(path), "Together");
});

test("whoever deletes a conversation gets no title for it", async () => {
  fake.forget();
  const held = scenario.hold(["Well, "], ["yes."]);
  fake.next(held);
  const path = await ada.ask("Gone before it is named");
  await ada.post(path, { _method: "DELETE" });
  await named(path);
  assert.equal(fake.titleRequests.length, 0);
});

test("while the model's server is down it is not asked for a title", async () => {
  fake.forget();
  fake.next(scenario.hold(["Begun, "], ["never ended."]));
  const path = await ada.ask("Begun before");
  const page = await ada.get(path);
  const src = String(page.$("message-stream").attr("src"));
  await ada.events(src, ({ data }) => /Begun,/.test(JSON.stringify(data)));
  for (const _ of [1, 2]) await ada.talk("chaos:status@500");
  assert.match((await ada.get("/")).words(".banner"), /is down/);

  await ada.post(src, { _method: "DELETE" });
  assert.equal(await titleOf(path), "Begun before");
  assert.equal(fake.titleRequests.length, 0);
});
