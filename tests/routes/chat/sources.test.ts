import assert from "node:assert/strict";
import { test } from "node:test";
import { answersTo } from "../../support/answers.js";
import { startApp } from "../../support/app.js";
import * as scenario from "../../support/fake-deepseek.js";

const WRITTEN = "**One** & <b>two</b>\n\n- é\n";

const app = await startApp();
const ada = await app.signedIn("ada");
const { asking } = answersTo(ada, app);
const { path, id } = await asking(scenario.answer({ content: WRITTEN }));
const page = await ada.settled(path);

test("an answer is given as the model wrote it, as plain text that no cache keeps", async () => {
  const address = page.$(".message--answer copy-button").attr("src");
  const source = await ada.get(String(address));

  assert.equal(address, `/messages/${id}/source`);
  assert.equal(source.html, WRITTEN);
  assert.equal(source.headers.get("content-type"), "text/plain; charset=utf-8");
  assert.equal(source.headers.get("x-content-type-options"), "nosniff");
  assert.equal(source.headers.get("cache-control"), "no-store");
});

test("a page holds the text of an answer once", () => {
  assert.equal(page.html.split("&lt;b&gt;two").length, 2);
});

test("someone else's answer, and one that is none, are not found", async () => {
  const bob = await app.signedIn("bob");
  for (const address of [`/messages/${id}/source`, "/messages/0/source", "/messages/x/source"]) {
    assert.equal((await bob.get(address)).status, 404);
  }
});
