import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { answersTo } from "../support/answers.js";
import { startApp } from "../support/app.js";
import * as scenario from "../support/fake-deepseek.js";
import { requestsFor, startFakeDeepSeek } from "../support/fake-deepseek.js";
import { addProvider, choose, PROVIDER_KEY } from "../support/providers.js";

const app = await startApp({ AUTO_TITLES: "on", DEEPSEEK_DIALECT: "deepseek" });
const other = await startFakeDeepSeek();
after(() => other.close());
other.models = { data: [{ id: "qwen3:8b", name: "Qwen 3", context_length: 9000 }] };
const generator = await import("../../src/generator/generator.js");
const catalogue = await import("../../src/generator/catalogue.js");
const { upstreamState } = await import("../../src/generator/health.js");
const ada = await app.signedIn("ada");
const bob = await app.signedIn("bob");
const { path, id } = await addProvider(ada, other, { contextTokens: "5000" });
const { row } = answersTo(bob, app);

const FIELDS = { _method: "PATCH", name: "Other", baseUrl: other.url, contextTokens: "5000" };

beforeEach(async () => {
  await ada.post(path, { ...FIELDS, key: PROVIDER_KEY });
  await ada.post(`${path}/activation`);
  app.fake.forget();
  other.forget();
});

/** A conversation of Bob's that is talked with the added provider's model from its next question on. */
async function conversation(model = "qwen3:8b", providerId = id) {
  const address = await bob.ask("chaos:say First.");
  await bob.settled(address);
  choose(app, address, [providerId, model]);
  app.fake.forget();
  return String(address.split("/").at(-1));
}

const lastAnswer = () =>
  app.database
    .prepare("SELECT * FROM Message WHERE role = 'answer' ORDER BY id DESC LIMIT 1")
    .get() as {
    id: number;
    providerId: string | null;
    model: string;
    failure: string | null;
    body: string;
  };

test("a question goes to the provider of its conversation, with its key and in its dialect", async () => {
  const page = await bob.talk("Second?", { conversation: await conversation() });

  const [request] = other.requests;
  assert.equal(request?.headers.authorization, `Bearer ${PROVIDER_KEY}`);
  assert.equal(request?.body.model, "qwen3:8b");
  assert.equal(request?.body.messages[1].reasoning_content, undefined);
  assert.match(page.words(".message--answer:last-of-type"), /You asked: Second\?/);
  assert.deepEqual([lastAnswer().providerId, lastAnswer().model], [id, "qwen3:8b"]);
  assert.deepEqual(app.fake.requests, []);
});

test("what it reads at most is what its list tells, else what was entered for it", () => {
  const tokens = (model: string) => catalogue.contextTokens({ providerId: id, model });
  assert.deepEqual([tokens("qwen3:8b"), tokens("another")], [9000, 5000]);
  assert.equal(catalogue.contextTokens({ providerId: "gone", model: "another" }), 65_536);
});

test("its models are offered beside the settings' own, with its name", () => {
  const names = catalogue.offered().map(({ name, provider }) => [provider?.name, name]);
  assert.deepEqual(names, [
    [undefined, "DeepSeek Flash"],
    ["Other", "Qwen 3"],
  ]);
});

test("a title is asked of the provider that has answered", async () => {
  const { asking } = answersTo(bob, app);
  const asked = await asking(scenario.stall(0));
  app.database.prepare("UPDATE Message SET providerId = ? WHERE id = ?").run(id, Number(asked.id));
  await generator.drain();
  app.fake.forget();
  await generator.start();
  await bob.settled(asked.path);
  for (let tries = 0; other.titleRequests.length === 0 && tries < 100; tries += 1) await pause(20);

  assert.equal(other.titleRequests.length, 1);
  assert.deepEqual(app.fake.titleRequests, []);
});

test("an answer goes on to its end while its provider is changed, switched off and removed", async () => {
  const held = scenario.hold(["It ", "has ", "begun "], ["and ", "ended."]);
  const added = await addProvider(ada, other, { name: "Changing" });
  const talked = await conversation("qwen3:8b", added.id);
  other.next(held);
  const address = await bob.ask("Anything", { conversation: talked });
  const src = String((await bob.get(address)).$("message-stream").attr("src"));
  await bob.events(src, ({ data }) => /begun/.test(JSON.stringify(data)));

  await ada.post(added.path, {
    ...FIELDS,
    name: "Changed",
    baseUrl: `${other.url}/v2`,
    key: "sk-x",
  });
  await ada.post(`${added.path}/activation`, { _method: "DELETE" });
  await ada.post(added.path, { _method: "DELETE" });
  held.release();
  const page = await bob.settled(address);
  assert.match(page.words(".message--answer:last-of-type .message__body"), /begun and ended\./);
  assert.equal(lastAnswer().failure, null);
});

test("a conversation whose provider is gone says so, keeps its answers' names, and keeps what was typed", async () => {
  const added = await addProvider(ada, other, { name: "Short-lived" });
  const talked = await conversation("qwen3:8b", added.id);
  await bob.talk("Second?", { conversation: talked });
  assert.equal((await bob.get(`/conversations/${talked}`)).all(".banner").length, 0);
  assert.match((await ada.get(added.path)).words("main"), /1 conversation uses it/);
  await ada.post(added.path, { _method: "DELETE" });

  const page = await bob.get(`/conversations/${talked}`);
  assert.match(
    page.words(".banner"),
    /The provider of this model was removed\. Choose another model/,
  );
  assert.match(page.words(".message--answer:last-of-type"), /Second\?/);
  assert.equal(lastAnswer().model, "qwen3:8b");
  assert.equal((await bob.get("/")).all(".banner").length, 0);

  const refused = await bob.post("/chat", { prompt: "Third?", conversation: talked });
  assert.equal(refused.status, 409);
  assert.equal(refused.field("prompt"), "Third?");
  assert.match(
    refused.words("main"),
    /The provider of this model was removed\. Choose another model/,
  );

  choose(app, talked, [null, null]);
  await bob.talk("Third?", { conversation: talked });
  assert.equal(lastAnswer().providerId, null);
});

test("a model that is not offered any more is not asked, whoever says its name", async () => {
  await ada.post(`${path}/models`, { _method: "PUT", offer: "chosen", others: "another" });
  const refused = await bob.post("/chat", { prompt: "x", conversation: await conversation() });
  await ada.post(`${path}/models`, { _method: "PUT", offer: "all" });

  assert.equal(refused.status, 409);
  assert.match(refused.words("main"), /not offered any more/);
  assert.deepEqual(other.requests, []);
});

test("nothing in a question chooses a server: only what an administrator has entered is asked", async () => {
  const mine = await conversation("qwen3:8b");
  for (const field of [
    "base_url",
    "baseUrl",
    "provider",
    "providerId",
    "url",
    "url_idx",
    "endpoint",
    "api_base",
  ]) {
    await bob.talk("x", { conversation: mine, [field]: "http://127.0.0.1:1/v1" });
    await bob.talk("x", { [field]: id });
  }
  assert.deepEqual([other.requests.length, app.fake.requests.length], [8, 8]);
});

test("a provider that is down concerns those who talk with it, and nobody else", async () => {
  const added = await addProvider(ada, other, { name: "Shaky" });
  const talked = await conversation("qwen3:8b", added.id);
  const down = scenario.cutAfter(0, "rst");
  const { models } = other;
  other.models = down;
  for (const question of ["one", "two"]) {
    await bob.talk(`${question} ${other.directive(down)}`, { conversation: talked });
  }
  assert.equal(upstreamState(added.id).circuit, "open");
  assert.equal(upstreamState().circuit, "closed");

  const page = await bob.get(`/conversations/${talked}`);
  assert.match(page.words(".banner"), /The model's server is down\. It is tried again/);
  assert.equal((await bob.get("/")).all(".banner").length, 0);
  assert.match((await ada.get(added.path)).words(".condition"), /^It is down, and tried again/);
  assert.match((await bob.talk("Anybody?")).words(".message--answer"), /You asked: Anybody/);

  other.models = models;
  await ada.post(`${added.path}/examinations`);
  assert.equal(upstreamState(added.id).circuit, "closed");
  assert.equal((await bob.get(`/conversations/${talked}`)).all(".banner").length, 0);
  await ada.post(added.path, { _method: "DELETE" });
});

test("a key that is refused is told to administrators with the provider's name, until there is another", async () => {
  const talked = await conversation();
  other.next(
    scenario.status(401, scenario.wire.complaint(`Your api key: ${PROVIDER_KEY} is invalid`)),
  );
  const page = await bob.talk("Anything", { conversation: talked });
  assert.match(page.words(".outcome"), /Please tell your administrator/);
  assert.equal(page.all(".banner").length, 0);
  assert.match(
    (await ada.get("/account")).words(".banner--danger"),
    /^Other does not accept its key/,
  );
  assert.match((await ada.get(path)).words(".condition"), /^It does not accept the key/);

  await ada.post(path, { ...FIELDS, key: "sk-better" });
  assert.equal((await ada.get("/account")).all(".banner").length, 0);
});

test("an answer that a restart interrupts is gone on with by its own provider", async () => {
  const talked = await conversation();
  other.next(scenario.stall(0));
  const address = await bob.ask("Wait", { conversation: talked });
  for (let tries = 0; other.requests.length === 0 && tries < 100; tries += 1) await pause(20);
  await generator.drain();
  choose(app, talked, [null, null]);
  other.forget();
  await generator.start();

  const page = await bob.settled(address);
  assert.match(page.words(".message--answer:last-of-type"), /You asked: Wait/);
  assert.equal(requestsFor(other, "Wait").length, 1);
  assert.deepEqual(app.fake.requests, []);
});

test("where it is gone by then, the answer ends with a sentence, and can be asked for again", async () => {
  const added = await addProvider(ada, other, { name: "Leaving" });
  const talked = await conversation("qwen3:8b", added.id);
  other.next(scenario.stall(2));
  const address = await bob.ask("Wait", { conversation: talked });
  const answerId = lastAnswer().id;
  const src = String((await bob.get(address)).$("message-stream").attr("src"));
  await bob.events(src, ({ data }) => /word2/.test(JSON.stringify(data)));
  await generator.drain();
  await ada.post(added.path, { _method: "DELETE" });
  await generator.start();

  const page = await bob.settled(address);
  assert.match(page.words(".outcome"), /The provider of this model was removed\. Choose another/);
  assert.match(page.words(".message--answer:last-of-type .message__body"), /word1 word2/);
  const { state, failure } = row(String(answerId));
  assert.deepEqual([state, failure], ["interrupted", "provider_gone"]);
});
