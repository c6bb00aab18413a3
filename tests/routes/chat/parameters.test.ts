import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { startApp } from "../../support/app.js";
import { FAKE_MODEL, FAKE_PRO } from "../../support/fake-deepseek.js";
import { offer } from "../../support/models.js";
import type { Page } from "../../support/visitor.js";

const app = await startApp({ DEEPSEEK_DIALECT: "deepseek" });
const ada = await app.signedIn("ada");
beforeEach(() => offer(app, FAKE_MODEL, FAKE_PRO));

const CHOSEN = {
  model: "default:deepseek-v4-pro",
  thinking: "off",
  temperature: "0.3",
  topP: "0.9",
  maxTokens: "500",
  systemPrompt: "  Be brief.\nBe kind.",
};
const NOTHING = {
  model: "",
  thinking: "",
  temperature: "",
  topP: "",
  maxTokens: "",
  systemPrompt: "",
};

async function conversation() {
  const path = await ada.ask("chaos:say One.");
  await ada.settled(path);
  return { path, id: path.split("/").at(-1) ?? "", form: `${path}/parameters` };
}

const last = () => app.fake.requests.at(-1)?.body;
const valueIn = ({ $ }: Page, name: string) => $(`main [name=${name}]`).val() ?? "";
const valuesOn = (page: Page) =>
  Object.fromEntries(Object.keys(CHOSEN).map((name) => [name, valueIn(page, name)]));
const rowOf = (id: string) =>
  app.database.prepare("SELECT * FROM Conversation WHERE id = ?").get(id);

test("the page of what a conversation is asked with is behind its model's name", async () => {
  const { path, form } = await conversation();
  const page = await ada.get(path);
  const link = page.$("a.composer__model");

  assert.equal(link.attr("href"), form);
  assert.match(page.words("a.composer__model"), /DeepSeek Flash$/);
  assert.deepEqual(valuesOn(await ada.get(form)), NOTHING);
});

test("models are offered with what their server says of them", async () => {
  const { form } = await conversation();

  assert.deepEqual((await ada.get(form)).all("[name=model] option"), [
    "DeepSeek Flash · 1M context · sees images · thinks",
    "DeepSeek V4 Pro · 128K context",
  ]);
});

test("what is chosen is there again, and holds for the next question", async () => {
  const { id, path, form } = await conversation();
  const saved = await ada.post(form, CHOSEN);
  assert.equal(saved.location, path);
  assert.deepEqual(valuesOn(await ada.get(form)), CHOSEN);

  const page = await ada.talk("Two?", { conversation: id });
  const { messages, stream, stream_options, ...fields } = last();
  assert.deepEqual(fields, {
    model: "deepseek-v4-pro",
    thinking: { type: "disabled" },
    temperature: 0.3,
    top_p: 0.9,
    max_tokens: 500,
  });
  assert.deepEqual(messages[0], { role: "system", content: CHOSEN.systemPrompt });
  assert.match(page.words(".composer__note"), /DeepSeek V4 Pro can be wrong/);
  assert.match(page.words(".message--answer:last-of-type .actions__model"), /DeepSeek V4 Pro$/);
});

test("what is emptied is left to the server again", async () => {
  const { id, form } = await conversation();
  await ada.post(form, CHOSEN);
  await ada.post(form, NOTHING);
  await ada.talk("Two?", { conversation: id });

  assert.deepEqual(Object.keys(last()).sort(), ["messages", "model", "stream", "stream_options"]);
  assert.equal(last().model, "deepseek-flash");
});

for (const [what, change, isAnew] of [
  ["another model", { model: CHOSEN.model }, true],
  ["another system prompt", { systemPrompt: "Else." }, true],
  ["another temperature", { temperature: "1" }, false],
] as const) {
  test(`${what} is said to begin the cache again: ${isAnew}`, async () => {
    const { form } = await conversation();
    const page = await ada.submit(form, { ...NOTHING, ...change });

    assert.match(page.words(".flash"), /^Saved\. It holds from the next answer on/);
    assert.equal(/the cache begins again/.test(page.words(".flash")), isAnew);
  });
}

for (const [field, typed, said] of [
  ["temperature", "3", /The temperature is a number from 0 to 2/],
  ["topP", "0", /above 0, at most 1/],
  ["maxTokens", "1.5", /whole number/],
  ["systemPrompt", "x".repeat(10_001), /10,001 characters/],
  ["thinking", "hard", /from the list/],
  ["model", "nonsense", /from the list/],
  ["model", "default:unheard-of", /not offered/],
  ["model", "elsewhere:deepseek-flash", /not offered/],
] as const) {
  test(`a ${field} of ${typed.slice(0, 30)} is refused at its field, and nothing is lost`, async () => {
    const { id, form } = await conversation();
    const before = rowOf(id);
    const sent = { ...CHOSEN, [field]: typed };
    const page = await ada.post(form, sent);
    const asJson = await ada.post(form, sent, { Accept: "application/json" });

    assert.equal(page.status, 422);
    assert.match(page.words(`#field-${field}-error`), said);
    assert.equal(page.$(`#field-${field}`).attr("aria-invalid"), "true");
    for (const [name, value] of Object.entries(CHOSEN)) {
      if (name !== field) assert.equal(valueIn(page, name), value);
    }
    if (typed !== "hard" && typed !== "nonsense") assert.equal(valueIn(page, field), typed);
    assert.match(JSON.parse(asJson.html).error.message, said);
    assert.deepEqual(rowOf(id), before);
  });
}

test("nobody sees or changes what another's conversation is asked with", async () => {
  const { id, form } = await conversation();
  const eve = await app.signedIn("eve");
  const before = rowOf(id);

  assert.equal((await eve.get(form)).status, 404);
  assert.equal((await eve.post(form, CHOSEN)).status, 404);
  assert.equal((await eve.post(form, { ...CHOSEN, temperature: "9" })).status, 404);
  assert.deepEqual(rowOf(id), before);
  await ada.post(`/conversations/${id}`, { _method: "DELETE" });
  assert.equal((await ada.get(form)).status, 404);
  assert.equal((await ada.post(form, CHOSEN)).status, 404);
});

test("a model that its server lists no more stays chosen, says so, and can be left", async () => {
  const { id, path, form } = await conversation();
  await ada.post(form, CHOSEN);
  await offer(app, FAKE_MODEL);
  const page = await ada.get(path);
  const fields = await ada.get(form);

  assert.match(page.words(".composer__bar"), /deepseek-v4-pro Not offered any more/);
  assert.deepEqual(valuesOn(fields), CHOSEN);
  assert.equal(fields.all("[name=model] option").at(-1), "deepseek-v4-pro · not offered any more");
  assert.equal((await ada.post(form, { ...CHOSEN, temperature: "1" })).status, 303);
  await ada.talk("Two?", { conversation: id });
  assert.equal(last().model, "deepseek-v4-pro");

  await ada.post(form, NOTHING);
  assert.equal((await ada.post(form, CHOSEN)).status, 422);
});

test("where a server tells of no model, the default is there, and what was chosen", async () => {
  const { form } = await conversation();
  await ada.post(form, CHOSEN);
  await offer(app);

  assert.deepEqual(valuesOn(await ada.get(form)), CHOSEN);
  assert.deepEqual((await ada.get(form)).all("[name=model] option"), [
    "deepseek-flash",
    "deepseek-v4-pro",
  ]);
});

test("a new conversation is begun with what its form says", async () => {
  const path = await ada.ask("Hello?", CHOSEN);
  await ada.settled(path);

  assert.equal(last().model, "deepseek-v4-pro");
  assert.equal(last().temperature, 0.3);
  assert.deepEqual(valuesOn(await ada.get(`${path}/parameters`)), CHOSEN);
});

test("what is wrong with the form of a new conversation is said there, with all that was typed", async () => {
  const page = await ada.post("/chat", { prompt: "Keep me", ...CHOSEN, temperature: "hot" });

  assert.equal(page.status, 422);
  assert.match(page.words("#prompt-error"), /The temperature is a number from 0 to 2/);
  assert.match(page.words("#field-temperature-error"), /The temperature is a number/);
  assert.equal(page.field("prompt"), "Keep me");
  assert.deepEqual(valuesOn(page), { ...CHOSEN, temperature: "hot" });
  assert.ok(page.$("details.composer__settings").is("[open]"));
});

test("an empty question keeps what was chosen for it", async () => {
  const page = await ada.post("/chat", { prompt: " ", ...CHOSEN });

  assert.equal(page.status, 422);
  assert.deepEqual(valuesOn(page), CHOSEN);
});

test("a new conversation begins with the model of the last one, while it is offered", async () => {
  const grace = await app.signedIn("grace");
  assert.equal(valueIn(await grace.get("/"), "model"), "");
  await grace.talk("Hello?", { model: CHOSEN.model, temperature: "1" });
  const page = await grace.get("/");
  assert.deepEqual(valuesOn(page), { ...NOTHING, model: CHOSEN.model });

  await offer(app, FAKE_MODEL, { id: "another" });
  assert.equal(valueIn(await grace.get("/"), "model"), "");
  await grace.talk("Hello?", { model: "" });
  await offer(app, FAKE_MODEL, FAKE_PRO);
  assert.equal(valueIn(await grace.get("/"), "model"), "");
});

test("a reply is asked as its conversation says, whatever else its form has", async () => {
  const { id, path } = await conversation();
  await ada.talk("Two?", { conversation: id, ...CHOSEN, temperature: "hot" });

  assert.equal(last().model, "deepseek-flash");
  assert.deepEqual(valuesOn(await ada.get(`${path}/parameters`)), NOTHING);
});

test("a starter is of the composer's form, so that what is chosen there holds for it", async () => {
  const page = await ada.get("/");
  const starter = page.$(".starters__button").first();
  assert.equal(starter.attr("form"), page.$("textarea[name=prompt]").closest("form").attr("id"));
  assert.ok(starter.is("[formnovalidate]"));

  const fields = { prompt: "", starter: String(starter.attr("value")), model: CHOSEN.model };
  const begun = await ada.post("/chat", fields);
  await ada.settled(String(begun.location));
  assert.equal(last().model, "deepseek-v4-pro");
  assert.match(last().messages[0].content, /SQLite/);
});

test("the only model needs no list to choose from", async () => {
  await offer(app, FAKE_MODEL);
  const page = await ada.get("/");

  assert.equal(page.$("[name=model]").length, 0);
  assert.equal(page.words(".composer__bar > .composer__model"), "DeepSeek Flash");
});
