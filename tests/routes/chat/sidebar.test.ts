import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../support/app.js";

const app = await startApp();
const ada = await app.signedIn("ada");
const { id: userId } = app.database.prepare("SELECT id FROM User").get() as { id: string };
const insert = app.database.prepare(
  "INSERT INTO Conversation (id, userId, title, updatedAt) VALUES (?, ?, ?, ?)",
);
const HOUR_MS = 3_600_000;

test("the list comes in as many pages as are asked for, without the page around it", async () => {
  for (let n = 1; n <= 65; n += 1)
    insert.run(`ada-${n}`, userId, `Talk ${n}`, new Date(n * 1000).toISOString());

  const counts = [];
  for (const pages of [1, 2, 3]) {
    const list = await ada.get(`/sidebar?pages=${pages}`);
    counts.push([list.all(".sidebar__link").length, list.$("conversation-list[more]").length]);
    assert.equal(list.$("main, nav").length, 0);
  }
  assert.deepEqual(counts, [
    [30, 1],
    [60, 1],
    [65, 0],
  ]);
});

test("whatever is asked for, it is a list of some pages", async () => {
  for (const query of ["pages=0", "pages=1e9", "pages=x", "open=a&open=b", "open=%00&wait=title"]) {
    assert.equal((await ada.get(`/sidebar?${query}`)).status, 200, query);
  }
});

test("days are the reader's own, as their browser has told them, else those of UTC", async () => {
  const bob = await app.signedIn("bob");
  const person = app.database.prepare("SELECT id FROM User WHERE username = 'bob'").get() as {
    id: string;
  };
  // Where it is never the same day as elsewhere: 14 hours before and 11 after Greenwich.
  const now = Date.now();
  insert.run("bob-1", person.id, "Ago", new Date(now - 25 * HOUR_MS).toISOString());
  const heading = async (zone: string) => {
    bob.cookies.set("aifacade-zone", zone);
    const page = await bob.get("/");
    return [page.words(".sidebar__heading"), page.$("conversation-list").attr("zone")];
  };

  for (const zone of ["Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"]) {
    const day = (at: number) => new Date(at).toLocaleDateString("sv-SE", { timeZone: zone });
    const days = (Date.parse(day(now)) - Date.parse(day(now - 25 * HOUR_MS))) / 86_400_000;
    const expected = days === 1 ? "Yesterday" : "Previous 7 days";
    assert.deepEqual(await heading(zone), [expected, zone]);
  }
  for (const zone of ["Mars/Olympus", "", "../../etc", "x".repeat(4000)]) {
    assert.equal((await heading(zone))[1], "UTC", zone);
  }
});
