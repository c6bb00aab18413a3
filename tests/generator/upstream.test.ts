import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../support/app.js";
import { addProvider, choose } from "../support/providers.js";

const app = await startApp({ DEEPSEEK_BASE_URL: "", DEEPSEEK_API_KEY: "", DEEPSEEK_MODEL: "" });
const ada = await app.signedIn("ada");

function answer(): Record<string, string> {
  const query = "SELECT * FROM Message WHERE role = 'answer' ORDER BY id DESC LIMIT 1";
  return app.database.prepare(query).get() as Record<string, string>;
}

test("without a key and without an address the demo model answers, and says that it is one", async () => {
  const page = await ada.talk("What is this?");

  assert.equal(answer().state, "complete");
  assert.notEqual(page.words(".message--answer .message__body"), "");
  assert.match(page.words(".composer__note"), /This is the demo model/);
  assert.deepEqual(app.fake.requests, []);
});

test("a provider that is added answers beside it, and is not called a demo", async () => {
  const { id } = await addProvider(ada, app.fake);
  const path = await ada.ask("What is this?");
  await ada.settled(path);
  choose(app, path, [id, "deepseek-flash"]);
  const conversation = String(path.split("/").at(-1));
  const page = await ada.talk("And this?", { conversation });

  assert.equal(app.fake.requests.length, 1);
  assert.match(page.words(".composer__note"), /^DeepSeek Flash can be wrong/);
  assert.match((await ada.get("/")).words(".composer__note"), /This is the demo model/);
});

test("an answer in DeepSeek's own dialect is continued by its prefix", async () => {
  const path = await ada.ask("Tell me a long story about a lighthouse.");
  const src = String((await ada.get(path)).$("message-stream").attr("src"));
  await stopOnceItGrows(src);
  const before = String(answer().body);
  await ada.post(`${src}/continuation`);
  await stopOnceItGrows(src);

  assert.ok(String(answer().body).startsWith(before));
  assert.ok(String(answer().body).length > before.length);
});

async function stopOnceItGrows(src: string) {
  await ada.events(src, ({ data }) => (data.answer?.splices ?? []).length > 0);
  await ada.post(src, { _method: "DELETE" });
}
