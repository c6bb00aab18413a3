import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { startApp } from "../../support/app.js";
import * as scenario from "../../support/fake-deepseek.js";
import { againOf, ask, editsOf } from "../../support/temporary.js";

const app = await startApp();
const ada = await app.signedIn("ada");

const told = () =>
  app.fake.requests.at(-1)?.body.messages.map(({ content }: { content: string }) => content);
const texts = async (address: string) => (await ada.settled(address)).all(".message__body");

afterEach(async () => {
  const links = (await ada.get("/")).$(".sidebar__link[href^='/temporary/']").toArray();
  for (const { attribs } of links) await ada.post(String(attribs.href), { _method: "DELETE" });
});

test("a question is edited: the new version stands beside the old one, with an answer of its own", async () => {
  const address = await ask(ada, "chaos:say One");
  await ada.settled(address);
  await ask(ada, "chaos:say Two", { at: address });
  const [first = ""] = await editsOf(ada, address);
  const form = await ada.get(`${first}/new`);
  assert.equal(form.field("words")?.trim(), "chaos:say One");
  assert.equal(form.$("question-editor form").attr("action"), first);

  const sent = await ada.post(first, { words: "chaos:say Other", key: String(form.field("key")) });
  assert.equal(sent.location, address);
  assert.deepEqual(await texts(address), ["chaos:say Other", "Other"]);
  assert.deepEqual(told(), ["chaos:say Other"]);

  const page = await ada.get(address);
  assert.match(page.words(".message--question .siblings"), /2\/2/);
  const before = String(page.$("[aria-label='Previous version']").attr("href"));
  assert.deepEqual(await texts(before), ["chaos:say One", "One", "chaos:say Two", "Two"]);
  assert.equal((await texts(address)).length, 4, "the branch that was looked at last is opened");
});

test("a reply hangs below the answer that was read, also where another branch was opened meanwhile", async () => {
  const address = await ask(ada, "chaos:say One");
  const page = await ada.settled(address);
  const [first = ""] = await editsOf(ada, address);
  await ada.post(first, { words: "chaos:say Other" });
  await ada.settled(address);

  await ask(ada, "chaos:say Next", { at: address, parent: String(page.field("parent")) });
  assert.deepEqual(await texts(address), ["chaos:say One", "One", "chaos:say Next", "Next"]);
});

test("an answer is given anew beside the first, which is told to nobody", async () => {
  app.fake.next(scenario.answer({ content: "First" }), scenario.answer({ content: "Second" }));
  const address = await ask(ada, "Which?");
  await ada.post(await againOf(ada, address));
  const page = await ada.settled(address);
  assert.equal(page.words(".message--answer .message__body"), "Second");
  assert.match(page.words(".message--answer .siblings"), /2\/2/);
  assert.deepEqual(told(), ["Which?"]);

  await ask(ada, "And now?", { at: address });
  await ada.settled(address);
  assert.deepEqual(told(), ["Which?", "Second", "And now?"]);
});

test("while an answer is written no other is begun; the same button twice is one answer", async () => {
  const address = await ask(ada, "chaos:say One");
  const again = await againOf(ada, address);
  const [edit = ""] = await editsOf(ada, address);
  const held = scenario.hold(["So far"], []);
  app.fake.next(held);
  await ada.post(again);
  assert.equal((await ada.post(again)).status, 303);

  const refused = await ada.post(edit, { words: "Too early" });
  assert.equal(refused.status, 409);
  assert.match(refused.words(".field__error"), /still being written/);
  assert.equal(refused.field("words")?.trim(), "Too early");
  held.release();
  const page = await ada.settled(address);
  assert.match(page.words(".message--answer .siblings"), /2\/2/);
});

test("an empty version is refused, and what is no message of it is not found", async () => {
  const address = await ask(ada, "chaos:say One");
  const [edit = ""] = await editsOf(ada, address);
  assert.equal((await ada.post(edit, { words: " " })).status, 422);

  for (const id of ["0", "1", "-999", "x", "%00", "-1e3", "constructor"]) {
    const message = `${address}/messages/${id}`;
    assert.equal((await ada.get(`${message}/versions/new`)).status, 404, id);
    assert.equal((await ada.post(`${message}/versions`, { words: "Hm" })).status, 404, id);
    assert.equal((await ada.get(`${message}/generations/new`)).status, 404, id);
    assert.equal((await ada.post(`${message}/generations`)).status, 404, id);
    assert.equal((await ada.get(`${address}/generations/${id}`)).status, 404, id);
  }
  assert.equal((await ada.get(`${address}?message=-999`)).status, 404);
  assert.equal((await ada.get(`${address}?message=x`)).status, 200);
});
