import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../support/app.js";
import * as scenario from "../support/fake-deepseek.js";
import type { Page } from "../support/visitor.js";

const app = await startApp({ DEEPSEEK_DIALECT: "deepseek" });
const ada = await app.signedIn("ada");

const CHOSEN = {
  model: "deepseek-v4-pro",
  thinking: "off",
  temperature: 0.3,
  topP: 0.9,
  maxTokens: 500,
  systemPrompt: "Be brief.",
};
const SYSTEM = { role: "system", content: "Be brief." };

/** A conversation whose coming questions are asked as this says. */
async function conversation(chosen: Partial<Record<keyof typeof CHOSEN, unknown>> = CHOSEN) {
  const path = await ada.ask("chaos:say One.");
  const page = await ada.settled(path);
  const id = String(path.split("/").at(-1));
  const names = Object.keys(chosen).map((name) => `${name} = @${name}`);
  const update = app.database.prepare(`UPDATE Conversation SET ${names.join()} WHERE id = @id`);
  update.run({ ...chosen, id });
  return { path, page, id };
}

const last = () => app.fake.requests.at(-1)?.body;
const lastRow = () =>
  app.database.prepare("SELECT * FROM Message ORDER BY id DESC LIMIT 1").get() as Record<
    string,
    unknown
  >;
const action = ({ $ }: Page, end: string) =>
  String($(`form[action$='${end}']`).last().attr("action"));

test("a question is asked as its conversation says, and its answer says who wrote it", async () => {
  const { id } = await conversation();
  await ada.talk("Two?", { conversation: id });

  const { messages, ...fields } = last();
  assert.deepEqual(fields, {
    model: "deepseek-v4-pro",
    stream: true,
    stream_options: { include_usage: true },
    thinking: { type: "disabled" },
    temperature: 0.3,
    top_p: 0.9,
    max_tokens: 500,
  });
  assert.deepEqual(messages[0], SYSTEM);
  assert.equal(messages.length, 4);
  assert.equal(lastRow().model, "deepseek-v4-pro");
  assert.equal(lastRow().providerId, null);
});

test("where nobody chose, the server is told nothing", async () => {
  await ada.talk("Alone?");

  assert.deepEqual(last(), {
    model: "deepseek-flash",
    messages: [{ role: "user", content: "Alone?" }],
    stream: true,
    stream_options: { include_usage: true },
  });
});

test("each request begins as the one before, system prompt and all", async () => {
  const { id } = await conversation({ systemPrompt: CHOSEN.systemPrompt });
  const prompts = [];
  for (const text of ["Two?", "Three?", "Four?"]) {
    await ada.talk(text, { conversation: id });
    prompts.push(JSON.stringify(last().messages).slice(0, -1));
  }

  assert.ok(prompts[1]?.startsWith(String(prompts[0])));
  assert.ok(prompts[2]?.startsWith(String(prompts[1])));
});

test("a version of a question is asked as its conversation says", async () => {
  const { page, path } = await conversation();
  const edit = String(page.$("a[href$='/versions/new']").attr("href"));
  await ada.post(edit.replace("/new", ""), { prompt: "Otherwise?" });
  await ada.settled(path);

  assert.equal(last().model, "deepseek-v4-pro");
  assert.deepEqual(last().messages, [SYSTEM, { role: "user", content: "Otherwise?" }]);
});

test("another answer is by the model that gave the first, as its conversation is asked now", async () => {
  const { page } = await conversation();
  const begun = await ada.post(action(page, "/generations"));
  await ada.settled(String(begun.location));

  assert.equal(last().model, "deepseek-flash");
  assert.equal(last().temperature, 0.3);
  assert.deepEqual(last().messages[0], SYSTEM);
});

test("an answer that was cut is gone on with by the model that began it", async () => {
  const { id } = await conversation({ systemPrompt: CHOSEN.systemPrompt });
  app.fake.next(scenario.cutAfter(3, "rst"));
  const cut = await ada.talk("Two?", { conversation: id });
  app.database.exec("UPDATE Conversation SET model = 'another'");
  const begun = await ada.post(action(cut, "/continuation"));
  await ada.settled(String(begun.location));

  assert.equal(last().model, "deepseek-flash");
  assert.deepEqual(last().messages[0], SYSTEM);
  assert.equal(last().messages.at(-1).prefix, true);
});

test("an answer by a model that is gone is tried again by the conversation's", async () => {
  const { page } = await conversation({ model: "deepseek-flash" });
  app.database.exec("UPDATE Message SET model = 'retired' WHERE role = 'answer'");
  const begun = await ada.post(action(page, "/generations"));
  await ada.settled(String(begun.location));

  assert.equal(last().model, "deepseek-flash");
});

test("a longer answer than the model writes is not asked for", async () => {
  const { id } = await conversation({ maxTokens: 1_000_000 });
  await ada.talk("Two?", { conversation: id });

  assert.equal(last().max_tokens, 393_216);
});

test("a fork is asked as its original is", async () => {
  const { page } = await conversation();
  const forked = await ada.post(action(page, "/forks"));
  await ada.talk("Two?", { conversation: String(forked.location).split("/").at(-1) ?? "" });

  assert.equal(last().model, "deepseek-v4-pro");
  assert.deepEqual(last().messages[0], SYSTEM);
});
