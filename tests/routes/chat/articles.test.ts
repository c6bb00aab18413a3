// What a page keeps of messages that have ended: it must be read once, and never be out of date.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../support/app.js";
import * as scenario from "../../support/fake-deepseek.js";
import { statementsOf } from "../../support/statements.js";
import type { Page } from "../../support/visitor.js";

const app = await startApp();
const ada = await app.signedIn("ada");

const articlesOf = ({ $ }: Page) =>
  $("article")
    .toArray()
    .map((element) => $.html(element));
const readsTexts = (sql: string) => sql.includes("shown.html");

test("a message that has ended is read once, and shown the same again", async () => {
  const path = await ada.ask("Once?");
  const first = await ada.settled(path);
  assert.equal(articlesOf(first).length, 2);

  const statements = await statementsOf(async () => {
    assert.deepEqual(articlesOf(await ada.get(path)), articlesOf(first));
  });
  assert.deepEqual(statements.filter(readsTexts), []);
});

test("with a second question only what is new is read", async () => {
  const path = await ada.ask("One");
  const before = articlesOf(await ada.settled(path));
  await ada.talk("Two", { conversation: String(path.split("/").at(-1)) });

  const after = articlesOf(await ada.get(path));
  assert.deepEqual(after.slice(0, 2), before);
  assert.equal(after.length, 4);
});

test("a second version changes how the first is shown", async () => {
  const path = await ada.ask("Which?");
  const first = await ada.settled(path);
  assert.equal(first.$(".siblings").length, 0);
  const id = String(first.$(".message--answer").attr("id")).replace("message-", "");
  await ada.post(`/messages/${id}/generations`);
  await ada.settled(path);

  const page = await ada.get(`${path}?message=${id}`);
  assert.equal(page.words(".siblings__position"), "Version 1/2");
});

test("an answer that goes on is shown as it is by then, at each step", async () => {
  app.fake.next(scenario.endsEarly(5));
  const path = await ada.ask("Go on?");
  const cut = await ada.settled(path);
  const half = cut.words(".message--answer .message__body");
  const rest = scenario.hold([" and the"], [" rest"]);
  app.fake.next(rest);
  await ada.post(String(cut.$("form[action$=continuation]").attr("action")));

  assert.equal((await ada.get(path)).$("message-stream").length, 1);
  rest.release();
  const whole = await ada.settled(path);
  assert.equal(whole.words(".message--answer .message__body"), `${half} and the rest`);
});

test("what is gone is not shown, whoever has read it", async () => {
  const path = await ada.ask("Gone?");
  await ada.settled(path);
  app.database.exec("DELETE FROM Message WHERE id = (SELECT max(id) FROM Message)");
  assert.equal(articlesOf(await ada.get(path)).length, 1);
});
