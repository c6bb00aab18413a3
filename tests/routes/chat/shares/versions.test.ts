import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../../support/app.js";
import { sendForm, share } from "../../../support/sharing.js";
import { statementsOf } from "../../../support/statements.js";

const app = await startApp();
const ada = await app.signedIn("ada");
const idOf = (path: string) => String(path.split("/").at(-1));

async function shared() {
  const path = await ada.ask("chaos:say One.");
  await ada.settled(path);
  return { path, ...(await share(ada, path)) };
}

test("the same link shows what was said since, once its owner says so", async () => {
  const { path, link, own } = await shared();
  await ada.talk("chaos:say Two.", { conversation: idOf(path) });
  const reader = app.visitor();
  assert.equal((await reader.get(link)).$(".message").length, 2);

  const form = await ada.get(`${own}/versions/new`);
  assert.equal(form.$("[name=ids]:checked").length, 4);
  const page = await ada.follow(await sendForm(ada, form));
  assert.equal(page.words(".flash p"), "The link shows what you have chosen now");
  assert.equal((await reader.get(link)).$(".message").length, 4);
});

test("what was left out stays left out, and what is newer is in, on the branch that was shared", async () => {
  const path = await ada.ask("chaos:say One.");
  await ada.settled(path);
  await ada.talk("chaos:say Two.", { conversation: idOf(path) });
  const { own, link } = await share(ada, path, (fields) => {
    const ids = fields.getAll("ids");
    fields.delete("ids");
    for (const id of ids.slice(0, 3)) fields.append("ids", id);
  });
  const [first] = (await ada.get(path)).$("a[href$='/versions/new']").toArray();
  await ada.submit(String(first?.attribs.href).replace("/new", ""), { prompt: "chaos:say Else." });
  await ada.settled(path);

  const form = await ada.get(`${own}/versions/new`);
  assert.deepEqual(form.all("label:has(:checked) .choice__text"), [
    "chaos:say One.",
    "One.",
    "chaos:say Two.",
    "Two.",
  ]);
  const statements = await statementsOf(() => ada.get(`${own}/versions/new`));
  assert.ok(statements.length <= 6, statements.join("\n"));
  await sendForm(ada, form, (fields) => fields.delete("ids", String(form.field("ids"))));
  assert.deepEqual((await app.visitor().get(link)).all(".message__body"), [
    "One.",
    "chaos:say Two.",
    "Two.",
  ]);
});

test("a refused choice leaves what is shared as it was", async () => {
  const { link, own } = await shared();
  const none = await sendForm(ada, await ada.get(`${own}/versions/new`), (fields) =>
    fields.delete("ids"),
  );
  const foreign = await sendForm(ada, await ada.get(`${own}/versions/new`), (fields) =>
    fields.append("ids", "2000000000"),
  );

  assert.equal(none.status, 422);
  assert.equal(none.$("[name=ids]:checked").length, 0);
  assert.equal(foreign.status, 409);
  assert.equal((await app.visitor().get(link)).$(".message").length, 2);
});

test("what has ended cannot be shared anew", async () => {
  const { own } = await shared();
  await ada.post(own, { _method: "DELETE" });
  assert.equal((await ada.get(`${own}/versions/new`)).status, 404);
  assert.equal((await ada.post(`${own}/versions`, { ids: "1" })).status, 404);
  assert.equal((await ada.post(`${own}/links`)).status, 404);
});
