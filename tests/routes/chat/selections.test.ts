import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../support/app.js";
import type { Page, Visitor } from "../../support/visitor.js";

const app = await startApp();
const ada = await app.signedIn("ada");
const bob = await app.signedIn("bob");

/** Ticks the boxes of these and presses a button of the list, as its form says. */
async function choose(visitor: Visitor, list: Page, titles: string[], act: string): Promise<Page> {
  const form = list.$("#selection");
  const body = new URLSearchParams({ back: String(list.field("back")), act });
  for (const box of list.$("[name=ids][form=selection]").toArray()) {
    const row = list.$(box).closest(".listing__item");
    if (titles.includes(row.find(".listing__link").text()))
      body.append("ids", String(list.$(box).attr("value")));
  }
  assert.ok(form.find(`button[name=act][value=${act}]`).length === 1, act);
  return visitor.request(String(form.attr("action")), {
    method: "POST",
    body,
    headers: { Origin: app.url },
  });
}

test("several are archived, brought back, deleted and restored at once, without JavaScript", async () => {
  for (const title of ["One", "Two", "Three"]) await ada.talk(title);
  const two = ["One", "Three"];

  const archived = await ada.follow(
    await choose(ada, await ada.get("/conversations"), two, "archive"),
  );
  assert.equal(archived.words(".flash p"), "Moved to the archive. Open the archive");
  assert.deepEqual(archived.all(".listing__link"), ["Two"]);

  const archive = await ada.get("/archive");
  assert.equal(archive.all(".listing__link").length, 2);
  await choose(ada, archive, two, "unarchive");

  const list = await ada.get("/conversations");
  const deleted = await ada.follow(await choose(ada, list, two, "discard"));
  assert.deepEqual(deleted.all(".listing__link"), ["Two"]);

  await choose(ada, await ada.get("/trash"), ["One"], "restore");
  assert.deepEqual((await ada.get("/trash")).all(".listing__link"), ["Three"]);
  assert.deepEqual((await ada.get("/conversations")).all(".listing__link"), ["Two", "One"]);
});

test("choosing none says what to do", async () => {
  const page = await ada.follow(await choose(ada, await ada.get("/conversations"), [], "discard"));
  assert.equal(page.words(".flash p"), "Choose at least one conversation first.");
});

test("somebody else's among the chosen stay as they are", async () => {
  await bob.talk("Bob's");
  const list = await bob.get("/conversations");
  for (const act of ["archive", "discard"]) await choose(ada, list, ["Bob's"], act);

  assert.deepEqual((await bob.get("/conversations")).all(".listing__link"), ["Bob's"]);
});

for (const [what, body] of [
  ["no act", "ids=a"],
  ["an act that there is not", "act=erase&ids=a"],
  ["a thousand ids", `act=discard&${"ids=a&".repeat(40)}`],
  ["an id as long as a page", `act=discard&ids=${"a".repeat(5000)}`],
] as const) {
  test(`${what} changes nothing`, async () => {
    const page = await ada.request("/conversations/selection", {
      method: "POST",
      body,
      headers: { Origin: app.url, "Content-Type": "application/x-www-form-urlencoded" },
    });
    assert.equal(page.location, "/conversations");
    assert.ok((await ada.get("/conversations")).all(".listing__link").length > 0);
  });
}
