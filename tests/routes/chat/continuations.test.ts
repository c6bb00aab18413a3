import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { answersTo } from "../../support/answers.js";
import { startApp } from "../../support/app.js";
import * as scenario from "../../support/fake-deepseek.js";

const app = await startApp();
const ada = await app.signedIn("ada");
const { asking, row, stop } = answersTo(ada, app);

test("a cut answer is continued where it stopped, in the same message", async () => {
  for (const [what, given] of [
    ["length", scenario.answer({ content: "It was a dark and", finish: "length" })],
    ["interrupted", scenario.cutAfter(4, "fin")],
  ] as const) {
    const { path, id } = await asking(given, ada, "Tell me a story.");
    const cut = await ada.settled(path);
    const text = String(row(id).body);
    app.fake.next(scenario.answer({ content: " stormy night.", reasoning: "" }));
    const action = String(cut.$(".outcome form").attr("action"));
    const page = await ada.settled(String((await ada.post(action)).location));

    assert.equal(cut.words(".outcome button"), "Continue", what);
    assert.equal(row(id).body, `${text} stormy night.`);
    assert.equal(row(id).state, "complete");
    assert.match(page.words(".message--answer .message__body"), /stormy night\.$/);
    assert.equal(page.all(".message--answer").length, 1);
    const told = app.fake.requests.at(-1)?.body.messages;
    assert.deepEqual(told.slice(0, 2), [
      { role: "user", content: "Tell me a story." },
      { role: "assistant", content: text },
    ]);
    assert.match(told[2].content, /Go on exactly where it stopped/);
  }
});

test("while an answer is continued, the HTML of its shorter text counts no more", async () => {
  const { path, id } = await asking(scenario.answer({ content: "Half a", finish: "length" }));
  await ada.settled(path);
  app.fake.next(scenario.stall(1));
  await ada.post(`/generations/${id}/continuation`);

  assert.equal(row(id).rendererVersion, null);
  await ada.events(`/generations/${id}`, ({ data }) => JSON.stringify(data).includes("word1"));
  await stop(ada, id);
  assert.equal(row(id).body, "Half aword1 ");
});

test("an answer that is complete cannot be continued, and its conversation stays where it is", async () => {
  const { path, id } = await asking(scenario.answer(), ada, "The older one");
  await ada.settled(path);
  await ada.talk("The newer one");
  const page = await ada.post(`/generations/${id}/continuation`);

  assert.equal(page.status, 409);
  assert.match(page.words(".failure__message"), /cannot be continued/);
  assert.equal((await ada.get("/")).all(".sidebar__link")[0], "The newer one");
});

test("pressing continue twice leads to the one answer that is being written", async () => {
  const { path, id } = await asking(scenario.stall(3));
  await pause(120);
  await stop(ada, id);
  app.fake.next(scenario.stall(2));
  const pages = await Promise.all([1, 2, 3].map(() => ada.post(`/generations/${id}/continuation`)));

  assert.deepEqual(
    pages.map((page) => page.location),
    Array(3).fill(`${path}?message=${id}`),
  );
  await stop(ada, id);
});
