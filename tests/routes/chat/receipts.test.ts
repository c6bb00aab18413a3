import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../support/app.js";
import { FAKE_MODEL } from "../../support/fake-deepseek.js";
import { offer } from "../../support/models.js";
import { addProvider } from "../../support/providers.js";
import type { Page } from "../../support/visitor.js";

const app = await startApp({ DEEPSEEK_DIALECT: "deepseek" });
// The first account is the administrator's.
const ada = await app.signedIn("ada");
const TUTOR = { name: "Tutor", icon: "graduation-cap", description: "", systemPrompt: "Be kind." };

const asking = { temperature: "0.3", topP: "0.9", maxTokens: "5000" };

/** The lines of a page's last receipt that stand between the model and the tokens. */
function asked({ $ }: Page): string[] {
  const lines = $(".receipt").last().find("dl > div").toArray();
  const pairs = lines.map((line) =>
    $(line)
      .children()
      .toArray()
      .map((cell) => $(cell).text()),
  );
  const end = pairs.findIndex(([label]) => label?.startsWith("Tokens"));
  return pairs.slice(1, end).map((pair) => pair.join(": "));
}

test("a receipt says nothing of what was left to the server", async () => {
  assert.deepEqual(asked(await ada.talk("Hello?")), []);
});

test("a receipt names what its answer was really asked with, however its conversation is asked later", async () => {
  const page = await ada.talk("Hello?", { ...asking, thinking: "off" });
  const lines = ["Thinking: Off", "Temperature: 0.3", "Top p: 0.9", "Longest answer: 5,000 tokens"];
  assert.deepEqual(asked(page), lines);

  const id = String(page.$("input[name=conversation]").val());
  await ada.post(`/conversations/${id}/parameters`, { ...asking, thinking: "max" });
  assert.deepEqual(asked(await ada.get(`/conversations/${id}`)), lines);
  const next = await ada.talk("And now?", { conversation: id });
  assert.deepEqual(
    asked(next),
    ["Thinking: As long as it takes", "Longest answer: 5,000 tokens"],
    "while DeepSeek thinks it is not told how to choose its words",
  );
});

test("a longest answer that its model cannot write is told, and named, as what it can", async () => {
  await offer(app, { ...FAKE_MODEL, max_output_tokens: 800 });
  const page = await ada.talk("Hello?", { maxTokens: "5000" });
  const told = app.fake.requests.at(-1)?.body.max_tokens;
  assert.ok(told < 5000);
  assert.deepEqual(asked(page), [`Longest answer: ${told} tokens`]);
});

test("a fork carries what its answers were asked with", async () => {
  const page = await ada.talk("Hello?", { temperature: "1", thinking: "off" });
  const answer = String(page.$(".message--answer").attr("id")).replace("message-", "");
  const forked = await ada.post(`/messages/${answer}/forks`);
  assert.deepEqual(asked(await ada.get(String(forked.location))), asked(page));
});

test("a receipt names the preset, also when that has another name or is gone", async () => {
  const made = await ada.post("/presets", TUTOR);
  const [, preset = ""] = /preset=([^&]+)/.exec(String(made.location)) ?? [];
  const path = await ada.ask("Hello?", { preset });
  assert.deepEqual(asked(await ada.settled(path)), ["Preset: Tutor"]);

  await ada.post(`/presets/${preset}`, { _method: "DELETE" });
  assert.deepEqual(asked(await ada.get(path)), ["Preset: Tutor"]);
});

test("a receipt names the provider, by the name that it has now", async () => {
  const { path, id } = await addProvider(ada, app.fake, { dialect: "generic" });
  const asking = { model: `${id}:${FAKE_MODEL.id}`, thinking: "max", temperature: "0.3" };
  const address = await ada.ask("Hello?", asking);
  assert.deepEqual(asked(await ada.settled(address)), ["Provider: Other", "Temperature: 0.3"]);

  const renamed = { _method: "PATCH", name: "House", baseUrl: app.fake.url, dialect: "generic" };
  assert.equal((await ada.post(path, renamed)).status, 303);
  assert.equal(asked(await ada.get(address))[0], "Provider: House");
  await ada.post(path, { _method: "DELETE" });
  assert.equal(asked(await ada.get(address))[0], "Provider: One that was removed");
});
