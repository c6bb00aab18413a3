import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { startApp } from "../../support/app.js";
import { startFakeDeepSeek } from "../../support/fake-deepseek.js";
import { addProvider } from "../../support/providers.js";

const app = await startApp();
const other = await startFakeDeepSeek();
after(() => other.close());
other.models = {
  data: [{ id: "qwen3:8b", name: "Qwen 3" }, { id: "llama" }, { id: "<b>bold</b>" }],
};
const { offered, isOffered } = await import("../../../src/generator/catalogue.js");
const ada = await app.signedIn("ada");
const { path, id } = await addProvider(ada, other);

beforeEach(() => put({ offer: "all" }));

const offeredNow = () =>
  offered().flatMap(({ id, provider }) => (provider?.name === "Other" ? [id] : []));

/** As a browser sends it: a box that is ticked is a field of the same name. */
async function put(fields: Record<string, string>, ...models: string[]) {
  const body = new URLSearchParams({ _method: "PUT", ...fields });
  for (const model of models) body.append("models", model);
  const page = await ada.request(`${path}/models`, {
    method: "POST",
    body,
    headers: { Origin: app.url },
  });
  return page.status === 422 ? page : ada.follow(page);
}

test("all that its list has is offered, by name, until somebody chooses", async () => {
  const page = await ada.get(`${path}/models`);

  assert.deepEqual(offeredNow(), ["qwen3:8b", "llama", "<b>bold</b>"]);
  assert.equal(page.$("[name=offer]:checked").attr("value"), "all");
  assert.match(page.words(".checks__list"), /^Qwen 3 qwen3:8b llama <b>bold<\/b>/);
});

test("some are chosen, and others named that the list does not have", async () => {
  const page = await put(
    { offer: "chosen", others: " hidden-1 \r\n\r\nllama\r\nhidden-2" },
    "llama",
  );

  assert.match(page.words("main"), /Offered: llama, hidden-1, hidden-2/);
  assert.deepEqual(offeredNow(), ["llama", "hidden-1", "hidden-2"]);
  assert.equal(isOffered({ providerId: id, model: "qwen3:8b" }), false);
  assert.equal(isOffered({ providerId: id, model: "hidden-1" }), true);

  const form = await ada.get(`${path}/models`);
  const ticked = form.$("[name=models]:checked").toArray();
  assert.deepEqual(
    ticked.map((box) => form.$(box).attr("value")),
    ["llama"],
  );
  assert.equal(form.field("others"), "hidden-1\nhidden-2");

  await put({ offer: "all" });
  assert.deepEqual(offeredNow(), ["qwen3:8b", "llama", "<b>bold</b>"]);
});

test("a choice of nothing, and ids beyond measure, are refused in words with what was typed", async () => {
  const none = await put({ offer: "chosen" });
  assert.match(none.words(".notice"), /Choose at least one model/);

  const long = await put({ offer: "chosen", others: `fine\n${"x".repeat(201)}` }, "llama");
  assert.match(long.words(".field__error"), /at most 200 characters/);
  assert.match(String(long.field("others")), /^fine\nx/);
  assert.equal(long.$("[name=models]:checked").attr("value"), "llama");
  assert.deepEqual(offeredNow(), ["qwen3:8b", "llama", "<b>bold</b>"]);
});

test("five hundred boxes fit into a form", async () => {
  const ids = Array.from({ length: 500 }, (_, index) => `model-${index}`);
  await put({ offer: "chosen" }, ...ids);
  assert.equal(offeredNow().length, 500);
});

test("of a provider that is switched off, or gone, nothing is offered", async () => {
  await ada.post(`${path}/activation`, { _method: "DELETE" });
  assert.deepEqual(offeredNow(), []);
  assert.equal(isOffered({ providerId: id, model: "llama" }), false);
  await ada.post(`${path}/activation`);
  assert.equal(isOffered({ providerId: id, model: "llama" }), true);
  assert.equal(isOffered({ providerId: "nobody", model: "llama" }), false);
});
