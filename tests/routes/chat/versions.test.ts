import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../support/app.js";
import * as scenario from "../../support/fake-deepseek.js";
import { FAKE_MODEL, FAKE_PRO } from "../../support/fake-deepseek.js";
import { offer } from "../../support/models.js";
import type { Page } from "../../support/visitor.js";

const app = await startApp({ PROMPT_MAX_CHARACTERS: "200" });
const ada = await app.signedIn("ada");

function countOfMessages(): unknown {
  return app.database.prepare("SELECT count(*) FROM Message").pluck().get();
}

/** The address of the form that edits a question of a page, counted from the first. */
function editOn({ $ }: Page, index = 0): string {
  return String($("a[href$='/versions/new']").eq(index).attr("href"));
}

const actionOn = (page: Page) => String(page.$("form[action$='/versions']").attr("action"));
const questionsOn = (page: Page) => page.all(".message--question .message__body");
const answersOn = (page: Page) => page.all(".message--answer .message__body");

/** A conversation of two questions, and the form of one of them. */
async function editing(index: number) {
  const path = await ada.ask("chaos:say One.");
  await ada.settled(path);
  const conversation = String(path.split("/").at(-1));
  const page = await ada.talk("chaos:say Two.", { conversation });
  return { path, page, form: await ada.get(editOn(page, index)) };
}

test("a question is edited on a page of its own: what was asked is in the form", async () => {
  const { form, path } = await editing(1);

  assert.equal(form.status, 200);
  assert.equal(form.field("prompt"), "chaos:say Two.");
  assert.equal(form.words("h1"), "Edit your question");
  assert.ok(form.$("[data-part=cancel]").attr("href")?.startsWith(`${path}?message=`));
});

test("an edited question is another version beside the old one, answered by itself", async () => {
  const { page, form, path } = await editing(1);
  const edited = await ada.post(actionOn(form), { prompt: "chaos:say Three." });
  const now = await ada.settled(String(edited.location));
  const told = app.fake.requests.at(-1)?.body.messages;

  assert.equal(edited.location, path);
  assert.deepEqual(questionsOn(now), ["chaos:say One.", "chaos:say Three."]);
  assert.deepEqual(answersOn(now), ["One.", "Three."]);
  assert.equal(now.words(".message--question .siblings__position"), "Version 2/2");
  assert.deepEqual(
    told.map(({ content }: { content: string }) => content),
    ["chaos:say One.", "One.", "chaos:say Three."],
  );

  const before = await ada.get(String(now.$("[aria-label='Previous version']").attr("href")));
  assert.deepEqual(answersOn(before), answersOn(page));
  assert.equal(before.words(".message--question .siblings__position"), "Version 1/2");
});

test("the first question of a conversation has versions, too, each with what followed", async () => {
  const { path, page, form } = await editing(0);
  await ada.submit(actionOn(form), { prompt: "chaos:say Another." });
  const now = await ada.settled(path);

  assert.deepEqual(answersOn(now), ["Another."]);
  assert.equal(now.words("h1"), "chaos:say One.");
  const before = await ada.get(String(now.$("[aria-label='Previous version']").attr("href")));
  assert.deepEqual(answersOn(before), answersOn(page));
});

test("the form of a version sent twice at once is one question and one answer", async () => {
  const { form } = await editing(0);
  const before = Number(countOfMessages());
  const fields = { prompt: "chaos:say Once.", key: String(form.field("key")) };
  const pages = await Promise.all([1, 2, 3].map(() => ada.post(actionOn(form), fields)));

  assert.equal(new Set(pages.map(({ location }) => location)).size, 1);
  assert.ok(pages.every(({ status }) => status === 303));
  assert.equal(countOfMessages(), before + 2);
  await ada.settled(String(pages[0]?.location));
});

test("while an answer is written a version waits, and its text is kept", async () => {
  const { path, form } = await editing(0);
  const held = scenario.hold(["Well, "], ["yes."]);
  app.fake.next(held);
  await ada.ask("Is it?", { conversation: String(path.split("/").at(-1)) });
  const before = countOfMessages();
  const refused = await ada.post(actionOn(form), { prompt: "  Changed\n" });

  assert.equal(refused.status, 409);
  assert.match(refused.words(".field__error"), /still being written/);
  assert.equal(refused.field("prompt"), "  Changed\n");
  assert.equal(countOfMessages(), before);
  held.release();
  await ada.settled(path);
});

for (const [what, prompt, status, said] of [
  ["empty", " \n ", 422, /cannot be empty/],
  ["too long", "x".repeat(201), 422, /201 characters/],
  ["not text", "a\0b", 422, /NUL/],
] as const) {
  test(`a version that is ${what} is refused in its form`, async () => {
    const { form } = await editing(0);
    const refused = await ada.post(actionOn(form), { prompt });
    const asJson = await ada.post(actionOn(form), { prompt }, { Accept: "application/json" });

    assert.equal(refused.status, status);
    assert.match(refused.words(".field__error"), said);
    assert.equal(refused.$("textarea").attr("aria-invalid"), "true");
    assert.match(JSON.parse(asJson.html).error.message, said);
  });
}

test("an answer has no form to edit it, and no versions are put beside it", async () => {
  const { page } = await editing(0);
  const id = page.$(".message--answer").attr("id")?.replace("message-", "");
  const before = countOfMessages();

  assert.equal((await ada.get(`/messages/${id}/versions/new`)).status, 404);
  assert.equal((await ada.post(`/messages/${id}/versions`, { prompt: "Mine" })).status, 404);
  assert.equal(countOfMessages(), before);
});

test("a version of a question that is gone keeps its text for a new conversation", async () => {
  const { path, form } = await editing(0);
  await ada.post(path, { _method: "DELETE" });
  const refused = await ada.post(actionOn(form), { prompt: "Still mine" });

  assert.equal(refused.status, 404);
  assert.match(refused.words(".field__error"), /is gone/);
  assert.equal(refused.field("prompt"), "Still mine");
});

test("the address of a refused version, opened again, leads to its form", async () => {
  const { form } = await editing(0);
  const address = actionOn(form);
  assert.equal((await ada.get(address)).location, `${address}/new`);
});

test("what is no id of a message is nothing here", async () => {
  for (const id of ["0", "-1", "x", "99999999999", "%00"]) {
    for (const page of [
      await ada.get(`/messages/${id}/versions/new`),
      await ada.get(`/messages/${id}/versions`),
      await ada.post(`/messages/${id}/versions`, { prompt: "Mine" }),
    ])
      assert.ok(page.status >= 400 && page.status < 500, `${id}: ${page.status}`);
  }
});

test("another version may be answered by another model; its conversation stays with its own", async () => {
  await offer(app, FAKE_MODEL, FAKE_PRO);
  const { path, form } = await editing(1);
  assert.deepEqual(form.all("[name=model] option"), [
    "DeepSeek Flash · 1M context · sees images · thinks",
    "DeepSeek V4 Pro · 128K context",
  ]);

  const model = "default:deepseek-v4-pro";
  const refused = await ada.post(actionOn(form), { prompt: " ", model });
  assert.equal(refused.$("[name=model]").val(), model);
  await ada.post(actionOn(refused), { prompt: "chaos:say Three.", model });
  await ada.settled(path);
  assert.equal(app.fake.requests.at(-1)?.body.model, "deepseek-v4-pro");

  await ada.talk("chaos:say Four.", { conversation: String(path.split("/").at(-1)) });
  assert.equal(app.fake.requests.at(-1)?.body.model, "deepseek-flash");
});

test("a version by a model that is not offered is refused in its form", async () => {
  const { form } = await editing(1);
  for (const model of ["default:unheard-of", "nonsense", "elsewhere:deepseek-flash"]) {
    const refused = await ada.post(actionOn(form), { prompt: "Mine", model });
    assert.equal(refused.status, 422);
    assert.match(refused.words(".field__error"), /not offered/);
    assert.equal(refused.field("prompt"), "Mine");
  }
});
