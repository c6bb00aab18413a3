import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../support/app.js";

const app = await startApp();
const ada = await app.signedIn("ada");

test("what is archived is out of the list, can be read, and comes back", async () => {
  const path = await ada.ask("Put away");
  await ada.settled(path);
  const home = await ada.submit(`${path}/archiving`);

  assert.equal(home.words(".flash p"), "Moved to the archive. Open the archive");
  assert.deepEqual(home.all(".sidebar__link"), []);
  assert.equal((await ada.get("/conversations")).words(".empty"), EMPTY_LIST);
  assert.deepEqual((await ada.get("/archive")).all(".listing__link"), ["Put away"]);
  const page = await ada.get(path);
  assert.equal(page.status, 200);
  assert.equal(page.words(".conversation__header .badge"), "Archived");

  const back = await ada.submit(`${path}/archiving`, { _method: "DELETE" });
  assert.equal(back.words(".flash p"), "Back in the list");
  assert.deepEqual(back.all(".sidebar__link"), ["Put away"]);
  assert.match((await ada.get("/archive")).words(".empty"), /^Nothing is archived\./);
});

const EMPTY_LIST = "No conversations yet. The first question opens one.";

test("a question in an archived conversation brings it back to the list", async () => {
  const path = await ada.ask("Asked in again");
  await ada.settled(path);
  await ada.post(`${path}/archiving`);
  await ada.talk("Once more", { conversation: path.split("/").at(-1) ?? "" });

  assert.equal((await ada.get("/")).all(".sidebar__link")[0], "Asked in again");
  assert.equal((await ada.get("/archive")).all(".listing__link").length, 0);
});

test("the archive has pages, what was archived last first", async () => {
  const { id } = app.database.prepare("SELECT id FROM User WHERE username = 'ada'").get() as {
    id: string;
  };
  const insert = app.database.prepare(
    "INSERT INTO Conversation (id, userId, title, updatedAt, archivedAt) VALUES (?, ?, ?, 0, ?)",
  );
  for (let n = 1; n <= 40; n += 1)
    insert.run(`old-${n}`, id, `Old ${n}`, new Date(n * 1000).toISOString());

  const first = await ada.get("/archive");
  const second = await ada.get(`/archive${first.$("a[rel=next]").attr("href")}`);
  assert.deepEqual(
    [...first.all(".listing__link"), ...second.all(".listing__link")],
    Array.from({ length: 40 }, (_, index) => `Old ${40 - index}`),
  );
});
