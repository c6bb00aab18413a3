import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../support/app.js";
import type { Page, Visitor } from "../../support/visitor.js";

const app = await startApp();
const ada = await app.signedIn("ada");

function idOf(path: string): string {
  return path.split("/").at(-1) ?? "";
}

/** Ticks what the list has under these titles and presses its button "Folder", as its form says. */
async function chooseIn(visitor: Visitor, list: Page, titles: string[]): Promise<Page> {
  const button = list.$("#selection button[formaction]");
  const query = new URLSearchParams({ back: String(list.field("back")) });
  for (const box of list.$("[name=ids][form=selection]").toArray()) {
    const row = list.$(box).closest(".listing__item");
    if (titles.includes(row.find(".listing__link").text()))
      query.append("ids", String(list.$(box).attr("value")));
  }
  assert.equal(button.attr("formmethod"), "get");
  return visitor.follow(await visitor.get(`${button.attr("formaction")}?${query}`));
}

/** Presses the button of a folder there, or makes a new one. */
async function put(visitor: Visitor, page: Page, choice: Record<string, string>): Promise<Page> {
  const body = new URLSearchParams({ back: String(page.field("back")), ...choice });
  const ids = page.$("main form").first().find("[name=ids]").toArray();
  for (const id of ids) body.append("ids", String(page.$(id).attr("value")));
  const headers = { Origin: app.url };
  return visitor.follow(
    await visitor.request("/folders/placements", { method: "POST", body, headers }),
  );
}

test("several conversations are put into a new folder at once, and out again", async () => {
  for (const title of ["One", "Two", "Three"]) await ada.talk(title);
  const asked = await chooseIn(ada, await ada.get("/conversations"), ["One", "Three"]);
  assert.equal(asked.words(".panel__text"), "2 conversations");

  const list = await put(ada, asked, { name: "Odd" });
  assert.equal(list.words(".flash p"), "Put into the folder");
  assert.deepEqual(list.all(".listing__folder span:last-child"), ["Odd", "Odd"]);
  const folder = await ada.get(String(list.$(".listing__folder").attr("href")));
  assert.deepEqual(folder.all(".listing__link").sort(), ["One", "Three"]);

  const again = await chooseIn(ada, folder, ["One", "Three"]);
  const button = again.$("button[name=folder]:contains('Out of the folder')");
  const emptied = await put(ada, again, { folder: String(button.attr("value")) });
  assert.equal(emptied.words(".flash p"), "Taken out of the folder");
  assert.equal(emptied.words("h1"), "Odd");
  assert.deepEqual(emptied.all(".listing__link"), []);
  assert.equal((await ada.get("/conversations")).all(".listing__link").length, 3);
});

test("one conversation is put into a folder from its menu, and one is back on its page", async () => {
  const path = await ada.ask("From the menu");
  const page = await ada.settled(path);
  const link = page.$("#conversation-options a[href^='/folders/placements/new']").attr("href");
  const asked = await ada.get(String(link));
  assert.equal(asked.words(".panel__text"), "From the menu");

  const done = await put(ada, asked, { name: "Menu" });
  assert.equal(done.words("h1"), "From the menu");
  assert.equal(done.words(".conversation__folder"), "In the folder Menu");
});

test("a name that is refused keeps what was chosen", async () => {
  const path = await ada.ask("Keep me chosen");
  await ada.settled(path);
  const fields = { ids: idOf(path), name: "Menu", back: "/conversations?page=1" };
  const refused = await ada.post("/folders/placements", fields);

  assert.equal(refused.status, 409);
  assert.equal(refused.words(".field__error"), "You have a folder of that name already.");
  assert.equal(refused.field("ids"), idOf(path));
  assert.equal(refused.field("name"), "Menu");
  assert.equal(refused.field("back"), "/conversations?page=1");
});

test("nothing chosen is said, also where what was chosen is somebody else's", async () => {
  const bob = await app.signedIn("bob");
  const path = await ada.ask("Ada's secret");
  await ada.settled(path);
  const made = await bob.post("/folders", { name: "Bob's" });
  const folder = idOf(String(made.location));

  for (const ids of ["", idOf(path), "AAAAAAAAAAAAAAAAAAAAAA"]) {
    const back = "/conversations";
    const asked = await bob.follow(
      await bob.get(`/folders/placements/new?ids=${ids}&back=${back}`),
    );
    const posted = await bob.submit("/folders/placements", { ids, folder, back });
    for (const page of [asked, posted]) {
      assert.equal(page.words(".flash p"), "Choose at least one conversation first.", ids);
      assert.doesNotMatch(page.html, /Ada's secret/);
    }
  }
  assert.deepEqual((await bob.get(`/folders/${folder}`)).all(".listing__link"), []);
  assert.equal((await ada.get(path)).$(".conversation__folder").length, 0);
});

test("a folder that is gone meanwhile, or was never one, is not found", async () => {
  const path = await ada.ask("Stay");
  await ada.settled(path);
  for (const folder of ["0", "-1", "x", "999999", "", "__proto__"]) {
    const page = await ada.post("/folders/placements", { ids: idOf(path), folder });
    assert.equal(page.status, 404, folder);
  }
  assert.equal((await ada.get(path)).$(".conversation__folder").length, 0);
});
