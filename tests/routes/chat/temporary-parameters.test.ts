import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { startApp } from "../../support/app.js";
import { FAKE_MODEL, FAKE_PRO } from "../../support/fake-deepseek.js";
import { offer } from "../../support/models.js";
import { againOf, ask, editsOf } from "../../support/temporary.js";

const app = await startApp({ DEEPSEEK_DIALECT: "deepseek" });
const ada = await app.signedIn("ada");
await offer(app, FAKE_MODEL, FAKE_PRO);

const PRO = "default:deepseek-v4-pro";
const CHOSEN = { model: PRO, thinking: "off", temperature: "0.3", systemPrompt: "Be brief." };
const last = () => app.fake.requests.at(-1)?.body;

afterEach(async () => {
  const links = (await ada.get("/")).$(".sidebar__link[href^='/temporary/']").toArray();
  for (const { attribs } of links) await ada.post(String(attribs.href), { _method: "DELETE" });
});

test("a temporary conversation is begun with a model and settings, and goes on with them", async () => {
  const form = await ada.get("/temporary");
  assert.equal(form.all("[name=model] option").length, 2);
  assert.equal(form.$("details.composer__settings").length, 1);

  const address = await ask(ada, "chaos:say One", CHOSEN);
  const page = await ada.settled(address);
  const { model, temperature, messages } = last();
  assert.deepEqual([model, temperature], ["deepseek-v4-pro", 0.3]);
  assert.deepEqual(messages[0], { role: "system", content: "Be brief." });
  assert.match(page.words(".composer__note"), /DeepSeek V4 Pro can be wrong/);
  assert.match(page.words(".actions__model"), /DeepSeek V4 Pro$/);
});

test("what it is asked with is changed on a page of its own, from the next answer on", async () => {
  const address = await ask(ada, "chaos:say One");
  const page = await ada.settled(address);
  const form = String(page.$("a.composer__model").attr("href"));
  assert.equal((await ada.get(form)).$("main form").attr("action"), form);

  const saved = await ada.submit(form, CHOSEN);
  assert.match(saved.words(".flash"), /It holds from the next answer on/);
  await ask(ada, "chaos:say Two", { at: address });
  await ada.settled(address);
  assert.equal(last().model, "deepseek-v4-pro");
  assert.equal((await ada.get(form)).field("temperature"), "0.3");
});

test("settings that cannot be are refused at their field, and nothing is lost", async () => {
  const blank = await ada.post("/temporary", { words: "Keep me", ...CHOSEN, temperature: "hot" });
  assert.equal(blank.status, 422);
  assert.match(blank.words("#field-temperature-error"), /number from 0 to 2/);
  assert.equal(blank.field("words")?.trim(), "Keep me");
  assert.equal(blank.field("systemPrompt")?.trim(), CHOSEN.systemPrompt);
  assert.ok(blank.$("details.composer__settings").is("[open]"));

  const address = await ask(ada, "chaos:say One");
  await ada.settled(address);
  const page = await ada.post(`${address}/parameters`, { ...CHOSEN, temperature: "hot" });
  assert.equal(page.status, 422);
  assert.match(page.words("#field-temperature-error"), /number from 0 to 2/);
  assert.equal(page.field("systemPrompt")?.trim(), CHOSEN.systemPrompt);
});

test("another model is asked for one answer, or for a version of a question", async () => {
  const address = await ask(ada, "chaos:say One");
  const again = await againOf(ada, address);
  assert.equal((await ada.get(`${again}/new`)).$(".models__model").length, 2);
  await ada.post(again, { model: PRO });
  await ada.settled(address);
  assert.equal(last().model, "deepseek-v4-pro");

  const [edit = ""] = await editsOf(ada, address);
  await ada.post(edit, { words: "chaos:say Two", model: "" });
  await ada.settled(address);
  assert.equal(last().model, "deepseek-flash");
  await ada.post(edit, { words: "chaos:say Three", model: PRO });
  await ada.settled(address);
  assert.equal(last().model, "deepseek-v4-pro");
  const refused = await ada.post(edit, { words: "chaos:say Four", model: "default:unheard-of" });
  assert.equal(refused.status, 422);
  assert.equal(refused.field("words")?.trim(), "chaos:say Four");
});

test("what was chosen is in no row and no session, and in no login form", async () => {
  const secret = { systemPrompt: "A sesquipedalian canary", temperature: "0.77", model: PRO };
  const sessions = () => JSON.stringify(app.database.prepare("SELECT data FROM Session").all());
  const before = sessions();
  const address = await ask(ada, "chaos:say One", secret);
  await ada.settled(address);
  await ada.post(`${address}/parameters`, secret);
  assert.equal(sessions(), before);

  for (const path of ["/temporary", address, `${address}/parameters`]) {
    const expired = await app.visitor().post(path, { words: "Hello?", ...secret });
    assert.equal(expired.status, 401);
    assert.doesNotMatch(expired.html, /sesquipedalian/);
  }
});
