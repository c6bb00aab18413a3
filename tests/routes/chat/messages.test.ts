import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../support/app.js";
import * as scenario from "../../support/fake-deepseek.js";

const app = await startApp({ PROMPT_MAX_CHARACTERS: "2000" });
const ada = await app.signedIn("ada");

function count(table: "Message" | "Conversation"): number {
  const row = app.database.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number };
  return row.n;
}

test("a question leads to its conversation, and is answered there", async () => {
  const path = await ada.ask("What is a façade?");
  const page = await ada.settled(path);

  assert.match(path, /^\/conversations\/[\w-]{22}$/);
  assert.equal(page.words(".message--question .message__body"), "What is a façade?");
  assert.match(page.words(".message--answer .message__body"), /façade/);
  assert.equal(page.words("h1"), "What is a façade?");
});

test("the whole conversation goes to the model, not the last question alone", async () => {
  const page = await ada.talk("My cat is called Ferdinand.");
  const conversation = String(page.field("conversation"));
  await ada.talk("What is my cat called?", { conversation });

  const told = app.fake.requests.at(-1)?.body.messages;
  assert.deepEqual(
    told.map((message: { role: string }) => message.role),
    ["user", "assistant", "user"],
  );
  assert.equal(told[0].content, "My cat is called Ferdinand.");
});

test("an empty question is refused in words", async () => {
  const page = await ada.post("/chat", { prompt: "  \r\n " });
  assert.equal(page.status, 422);
  assert.match(page.words(".field__error"), /Prompt cannot be empty\./);
});

test("a question that is too long is refused, and its text is kept", async () => {
  const prompt = "🦊".repeat(2001);
  const page = await ada.post("/chat", { prompt });

  assert.equal(page.status, 422);
  assert.match(page.words(".field__error"), /2,001 characters/);
  assert.equal(page.field("prompt"), prompt);
});

test("2,000 emoji are 2,000 characters", async () => {
  await ada.talk("🦊".repeat(2000));
});

test("a question is stored byte for byte, with LF for its line breaks", async () => {
  await ada.talk("  one\r\ntwo\r\r\n\tthree <b> & \u{1F98A} e\u0301 ");
  const { body } = app.database
    .prepare("SELECT body FROM Message WHERE role = 'question' ORDER BY id DESC LIMIT 1")
    .get() as { body: string };

  assert.equal(body, "  one\ntwo\n\n\tthree <b> & \u{1F98A} e\u0301 ");
});

test("the same form sent fifty times is one question and one answer", async () => {
  const before = count("Message");
  const fields = { prompt: "Only once, please.", key: "form-1" };
  const pages = await Promise.all(Array.from({ length: 50 }, () => ada.post("/chat", fields)));

  assert.equal(new Set(pages.map((page) => page.location)).size, 1);
  assert.equal(count("Message") - before, 2);
  await ada.settled(String(pages[0]?.location));
});

test("the same form sent after its answer, as after Back, leads to the same conversation", async () => {
  const fields = { prompt: "Once again?", key: "form-2" };
  const first = await ada.ask(fields.prompt, { key: fields.key });
  await ada.settled(first);
  const before = count("Message");

  assert.equal((await ada.post("/chat", fields)).location, first);
  assert.equal(count("Message"), before);
});

test("the same form with another text, as after Back and typing, is a new question", async () => {
  const before = count("Conversation");
  await ada.talk("One text", { key: "form-3" });
  await ada.talk("Another text", { key: "form-3" });
  assert.equal(count("Conversation") - before, 2);
});

test("a second question waits for the first answer, and keeps its text", async () => {
  const held = scenario.hold(["Well, "], ["yes."]);
  app.fake.next(held);
  const path = await ada.ask("Is it?");
  const conversation = path.split("/").at(-1) ?? "";
  const page = await ada.post("/chat", { prompt: "And this?", conversation });

  assert.equal(page.status, 409);
  assert.equal(page.field("prompt"), "And this?");
  assert.match(page.words(".field__error"), /still being written/);
  held.release();
  await ada.settled(path);
});

test("what is no text where a text belongs is refused, and nothing breaks", async () => {
  for (const body of [
    "prompt=a&prompt=b",
    "prompt[x]=1",
    "",
    "prompt=%ff%fe",
    "conversation=1&prompt=x",
  ]) {
    const headers = { "Content-Type": "application/x-www-form-urlencoded", Origin: app.url };
    const page = await ada.request("/chat", { method: "POST", headers, body });
    assert.ok(page.status < 500, `${body} gave ${page.status}`);
  }
});

test("a question to a conversation that is gone keeps its text for a new one", async () => {
  const page = await ada.post("/chat", {
    prompt: "Are you there?",
    conversation: "nobody-knows-this-one1",
  });

  assert.equal(page.status, 404);
  assert.equal(page.field("prompt"), "Are you there?");
  assert.equal(page.field("conversation"), undefined);
});

test("a question that is refused keeps its text even when its conversation is gone", async () => {
  const prompt = "x".repeat(2001);
  const page = await ada.post("/chat", { prompt, conversation: "nobody-knows-this-one2" });

  assert.equal(page.status, 404);
  assert.equal(page.field("prompt"), prompt);
});

test("who asks for JSON is refused in JSON", async () => {
  const page = await ada.post("/chat", { prompt: "" }, { Accept: "application/json" });
  assert.equal(page.status, 422);
  assert.equal(JSON.parse(page.html).error.message, "Prompt cannot be empty.");
});

test("a refused question opened again by its address leads to the chat", async () => {
  assert.equal((await ada.get("/chat")).location, "/");
});

test("HEAD on a growing answer is answered at once", async () => {
  const path = await ada.ask("chaos:hold@1");
  const source = String((await ada.get(path)).$("message-stream").attr("src"));
  for (const address of [source, `${path}/live`]) {
    assert.equal((await ada.request(address, { method: "HEAD" })).status, 200);
  }
  app.fake.release();
  await ada.settled(path);
});
