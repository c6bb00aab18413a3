import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../../support/app.js";
import * as scenario from "../../../support/fake-deepseek.js";
import { longConversation } from "../../../support/long-conversation.js";
import { sendForm, share } from "../../../support/sharing.js";
import { statementsOf } from "../../../support/statements.js";
import type { Page } from "../../../support/visitor.js";

const app = await startApp();
const ada = await app.signedIn("ada");
const bob = await app.signedIn("bob");
const idOf = (path: string) => String(path.split("/").at(-1));
const textsOn = (page: Page) => page.all(".message__body");

/** A conversation of two questions with their answers. */
async function talked(): Promise<string> {
  const path = await ada.ask("chaos:say One.");
  await ada.settled(path);
  await ada.talk("chaos:say Two.", { conversation: idOf(path) });
  return path;
}

test("what is read is chosen, and the link is shown once", async () => {
  const path = await talked();
  const form = await ada.get(`${path}/shares/new`);
  assert.deepEqual(form.all(".choice__text"), ["chaos:say One.", "One.", "chaos:say Two.", "Two."]);
  assert.equal(form.$("[name=ids]:checked").length, 4);
  assert.equal(form.field("title"), "chaos:say One.");

  const { link, own } = await share(ada, path);
  assert.match(link, /^\/s\/[\w-]{22}$/);
  const shown = await app.visitor().get(link);
  assert.equal(shown.words("h1"), "chaos:say One.");
  assert.deepEqual(textsOn(shown), ["chaos:say One.", "One.", "chaos:say Two.", "Two."]);

  const again = await ada.get(own);
  assert.equal(again.$("#share-link").length, 0);
  assert.match(again.words(".notice"), /cannot be shown again.*make a new one/);
});

test("the database knows no token, and no password", async () => {
  const { link } = await share(ada, await talked(), (fields) =>
    fields.set("password", "quite secret words"),
  );
  const rows = JSON.stringify(
    ["Share", "SharedMessage", "Session"].map((table) =>
      app.database.prepare(`SELECT * FROM "${table}"`).all(),
    ),
  );
  assert.ok(!rows.includes(idOf(link)));
  assert.ok(!rows.includes("quite secret words"));
});

test("only what is chosen is shared, under the title that is given", async () => {
  const path = await talked();
  const { link } = await share(ada, path, (fields) => {
    const ids = fields.getAll("ids");
    fields.delete("ids");
    for (const id of ids.slice(2)) fields.append("ids", id);
    fields.set("title", "  Only\u0000 the end ");
  });
  const page = await app.visitor().get(link);

  assert.equal(page.words("h1"), "Only the end");
  assert.deepEqual(textsOn(page), ["chaos:say Two.", "Two."]);
  assert.doesNotMatch(page.html, /One/);
});

test("it stays as it was, whatever becomes of the conversation", async () => {
  const path = await talked();
  const { link } = await share(ada, path);
  await ada.talk("chaos:say Three.", { conversation: idOf(path) });
  await ada.post(path, { _method: "PATCH", title: "Renamed" });
  const answer = app.database
    .prepare("SELECT max(id) FROM Message WHERE conversationId = ? AND body = 'Two.'")
    .pluck()
    .get(idOf(path));
  await ada.post(`/messages/${answer}/generations`);
  await ada.settled(path);

  const page = await app.visitor().get(link);
  assert.deepEqual(textsOn(page), ["chaos:say One.", "One.", "chaos:say Two.", "Two."]);
  assert.equal(page.words("h1"), "chaos:say One.");
});

test("thoughts and the owner's name are seen where that is wished, and else are in no row", async () => {
  app.fake.next(scenario.answer({ content: "Said.", reasoning: "Silently considered." }));
  const path = await ada.ask("What do you think?");
  await ada.settled(path);
  const quiet = await share(ada, path);
  const open = await share(ada, path, (fields) => {
    fields.set("reasoning", "on");
    fields.set("name", "on");
  });

  const without = await app.visitor().get(quiet.link);
  assert.doesNotMatch(without.html, /considered|Thought|\bada\b/);
  const kept = app.database.prepare(
    "SELECT reasoning || coalesce(reasoningHtml, '') FROM SharedMessage WHERE shareId = ? AND role = 'answer'",
  );
  assert.equal(kept.pluck().get(idOf(quiet.own)), "");

  const shown = await app.visitor().get(open.link);
  assert.match(shown.words(".reasoning"), /Thought for.*Silently considered\./);
  assert.match(shown.words(".shared__head p"), /^Shared by ada ·/);
});

test("nothing of its owner is on the page but what they chose", async () => {
  app.fake.next(scenario.answer({ content: "A note[^1].\n\n[^1]: Small print." }));
  const path = await ada.ask("With a footnote?");
  await ada.settled(path);
  const { link } = await share(ada, path);
  const { html } = await app.visitor().get(link);
  const message = app.database.prepare("SELECT max(id) FROM Message").pluck().get();
  const user = app.database.prepare("SELECT id FROM User WHERE username = 'ada'").pluck().get();

  assert.match(html, /href="#m2-note-1"/);
  for (const secret of [`m${message}-`, String(user), idOf(path), "ada", "deepseek-flash"])
    assert.ok(!html.includes(secret), secret);
});

for (const [what, change, said] of [
  ["nothing is chosen", { ids: "" }, /Choose at least one message/],
  ["the title is empty", { title: " " }, /cannot be empty/],
  ["the title is too long", { title: "x".repeat(121) }, /at most 120/],
  ["the end is none of the choices", { days: "2" }, /Choose one of these/],
  ["the password is short", { password: "short" }, /at least 8 characters/],
  ["the views are no number", { views: "many" }, /whole number/],
  ["the views are none", { views: "0" }, /whole number/],
] as const) {
  test(`the form comes back with what was in it where ${what}`, async () => {
    const path = await talked();
    const form = await ada.get(`${path}/shares/new`);
    const unticked = String(form.$("[name=ids]").first().attr("value"));
    const refused = await sendForm(ada, form, (fields) => {
      fields.delete("ids", unticked);
      fields.set("name", "on");
      fields.set("title", "Kept");
      for (const [name, value] of Object.entries(change)) fields.set(name, value);
    });

    assert.equal(refused.status, 422);
    assert.match(refused.words(".field__error"), said);
    assert.equal(refused.$("[name=name]:checked").length, 1);
    assert.equal(refused.field("title"), "title" in change ? change.title : "Kept");
    assert.equal(refused.field("password"), undefined);
    assert.equal(refused.$("[name=ids]:checked").length, "ids" in change ? 0 : 3);
  });
}

test("of somebody else's conversation nothing is shared, nor of two at once", async () => {
  const path = await talked();
  const others = await bob.ask("chaos:say Mine.");
  await bob.settled(others);
  const foreign = String(
    app.database.prepare("SELECT max(id) FROM Message WHERE body = 'Mine.'").pluck().get(),
  );
  const before = app.database.prepare("SELECT count(*) FROM Share").pluck().get();

  assert.equal((await bob.get(`${path}/shares/new`)).status, 404);
  const fields = { title: "Stolen", days: "7", ids: foreign };
  assert.equal((await bob.post(`${path}/shares`, fields)).status, 404);
  assert.equal((await ada.post(`${others}/shares`, fields)).status, 404);

  const mixed = await sendForm(ada, await ada.get(`${path}/shares/new`), (form) =>
    form.append("ids", foreign),
  );
  const missing = await sendForm(ada, await ada.get(`${path}/shares/new`), (form) =>
    form.append("ids", "2000000000"),
  );
  assert.deepEqual([mixed.status, missing.status], [409, 409]);
  assert.match(mixed.words("[role=alert]"), /is gone, or is being written/);
  assert.equal(mixed.words("main").replace(/\s/g, ""), missing.words("main").replace(/\s/g, ""));
  assert.equal(app.database.prepare("SELECT count(*) FROM Share").pluck().get(), before);
});

test("what else is sent along is not taken", async () => {
  const path = await talked();
  const { link, own } = await share(ada, path, (fields) => {
    fields.set("id", "mine");
    fields.set("userId", "somebody");
    fields.set("tokenDigest", "known");
    fields.set("__proto__", "x");
    fields.set("author", "The President");
  });
  const row = app.database.prepare("SELECT * FROM Share WHERE id = ?").get(idOf(own));
  assert.doesNotMatch(JSON.stringify(row), /mine|somebody|known|President/);
  assert.doesNotMatch((await app.visitor().get(link)).html, /President/);
});

test("an answer that is being written cannot be chosen yet, nor one that came to nothing", async () => {
  app.fake.next(scenario.status(402, { error: { message: "Insufficient Balance" } }));
  const path = await ada.ask("Anything?");
  await ada.settled(path);
  assert.deepEqual((await ada.get(`${path}/shares/new`)).all(".choice__text"), ["Anything?"]);

  const held = scenario.hold(["Half "], ["whole."]);
  app.fake.next(held);
  const running = await ada.ask("Is it done?");
  assert.deepEqual((await ada.get(`${running}/shares/new`)).all(".choice__text"), ["Is it done?"]);
  held.release();
  await ada.settled(running);
});

test("an answer that was cut says so to its reader, who has not cut it", async () => {
  app.fake.next(scenario.endsEarly(5));
  const path = await ada.ask("Cut?");
  await ada.settled(path);
  const page = await app.visitor().get((await share(ada, path)).link);
  assert.equal(page.words(".shared__cut"), "This answer did not come to its end.");
});

test("of 2,500 messages the last 300 can be chosen, earlier ones on a page of their own", async () => {
  const { path } = await longConversation(app, ada, 2500);
  const form = await ada.get(`${path}/shares/new`);
  assert.equal(form.$("[name=ids]").length, 300);
  const earlier = await ada.get(`${path}/shares/new${form.$(".choice a").attr("href")}`);
  assert.equal(earlier.all(".choice__text").at(-1), "Message 2200");

  const statements = await statementsOf(() => ada.get(`${path}/shares/new`));
  assert.ok(statements.length <= 6, statements.join("\n"));
  const { link } = await share(ada, path);
  const page = await app.visitor().get(link);
  assert.equal(page.$(".message").length, 300);
  assert.equal(page.$(".message").last().text().trim().endsWith("Message 2500"), true);
});

test("deleting the conversation ends its links, and restoring it does not bring them back", async () => {
  const path = await talked();
  const [first, second] = [await share(ada, path), await share(ada, path)];
  const other = await share(ada, await talked());
  assert.match((await ada.get(path)).words(".dialog__note"), /Links to what was shared of it end/);
  await ada.post(path, { _method: "DELETE" });

  for (const { link } of [first, second]) assert.equal((await app.visitor().get(link)).status, 410);
  assert.equal((await app.visitor().get(other.link)).status, 200);
  await ada.post(`/trash/${idOf(path)}/restoration`);
  assert.equal((await app.visitor().get(first.link)).status, 410);

  await ada.post("/clear");
  assert.equal((await app.visitor().get(other.link)).status, 410);
});
