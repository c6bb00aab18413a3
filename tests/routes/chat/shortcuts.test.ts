import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../support/app.js";
import { statementsOf } from "../../support/statements.js";

const app = await startApp();
const ada = await app.signedIn("ada");

test("without JavaScript the shortcuts are a page: keys, places, and the theme", async () => {
  const page = await ada.get(
    String((await ada.get("/account")).$("a[href='/shortcuts']").attr("href")),
  );
  assert.match(page.words(".keys"), /Go to a conversation or a place Ctrl K/);
  for (const link of page.$(".choices a").toArray())
    assert.equal((await ada.get(String(page.$(link).attr("href")))).status, 200);

  const dark = await ada.submit("/theme", { theme: "dark", next: String(page.field("next")) });
  assert.equal(dark.$("html").attr("data-theme"), "dark");
  assert.equal(dark.words("[aria-pressed=true]"), "Dark theme");
});

test("the palette finds my conversations by their titles, in any case, and places; nobody else's", async () => {
  for (const title of ["About 100% cotton", "Wool", "Another thing"]) await ada.talk(title);
  const bob = await app.signedIn("bob");
  await bob.talk("Bob's wool");
  const options = async (q: string) =>
    (await ada.get(`/search/titles?q=${encodeURIComponent(q)}`)).all("[role=option]");

  assert.deepEqual(await options("WOOL"), ["Wool"]);
  assert.deepEqual(await options("100%"), ["About 100% cotton"]);
  assert.deepEqual(await options("_"), []);
  assert.deepEqual(await options("arch"), ["Search", "Archive"]);
  assert.deepEqual((await options("")).slice(0, 4), [
    "Another thing",
    "Wool",
    "About 100% cotton",
    "New conversation",
  ]);
  const found = (await ada.get("/search/titles?q=wool")).$("[role=option]").attr("data-href");
  assert.equal((await ada.get(String(found))).words("h1"), "Wool");
  assert.ok((await statementsOf(() => ada.get("/search/titles?q=wool"))).length <= 3);
});
