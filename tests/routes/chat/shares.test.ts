import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../support/app.js";
import { share } from "../../support/sharing.js";
import { statementsOf } from "../../support/statements.js";

const app = await startApp();
const { prune } = await import("../../../src/models/shares/ending.js");
const ada = await app.signedIn("ada");
const bob = await app.signedIn("bob");
const idOf = (path: string) => String(path.split("/").at(-1));

async function shared(title: string) {
  const path = await ada.ask(`chaos:say ${title}`);
  await ada.settled(path);
  return { path, ...(await share(ada, path, (fields) => fields.set("title", title))) };
}

function change(own: string, columns: string, ...values: unknown[]) {
  app.database.prepare(`UPDATE Share SET ${columns} WHERE id = ?`).run(...values, idOf(own));
}

function messagesOf(own: string): unknown {
  const count = "SELECT count(*) FROM SharedMessage WHERE shareId = ?";
  return app.database.prepare(count).pluck().get(idOf(own));
}

const daysAgo = (days: number) =>
  new Date(Date.now() - days * 86_400_000).toISOString().replace("Z", "+00:00");

test("who has shared nothing reads where that is done", async () => {
  const page = await bob.get("/account/shares");
  assert.match(page.words(".empty"), /You share nothing\./);
  assert.equal((await bob.get("/account")).$("a[href='/account/shares']").length, 1);
});

test("the list says what is shared, how often it was opened, and when it ends", async () => {
  const { link } = await shared("Listed");
  const limited = await share(ada, (await shared("Another")).path, (fields) => {
    fields.set("title", "Limited");
    fields.set("views", "3");
    fields.set("days", "never");
  });
  await app.visitor().get(link);
  await app.visitor().post(limited.link);
  const page = await ada.get("/account/shares");
  const about = (title: string) =>
    page.$(`.listing__link:contains(${title})`).next().text().replace(/\s+/g, " ").trim();

  assert.match(about("Listed"), /^shared .*ends .*opened once, last /);
  assert.match(about("Limited"), /open until you end it *opened 1 of 3 times, last /);
  assert.match(about("Another"), /opened 0 times$/);
  const statements = await statementsOf(() => ada.get("/account/shares"));
  assert.ok(statements.length <= 6, statements.join("\n"));
});

test("a link that is revoked opens nothing from that moment on, and what it showed is deleted", async () => {
  const { link, own } = await shared("Revoked");
  const reader = app.visitor();
  assert.equal((await reader.get(link)).status, 200);
  const page = await ada.submit(own, { _method: "DELETE" });
  const gone = await reader.get(link);

  assert.equal(page.words(".flash p"), "Revoked: the link opens nothing any more");
  assert.equal(page.words(`.listing__item:contains(Revoked) .badge`), "Revoked");
  assert.equal(gone.status, 410);
  assert.equal(gone.words("main"), "This link has ended What it led to is not shared any more.");
  assert.equal(messagesOf(own), 0);
  assert.equal((await ada.get(own)).$("form[action$='/links']").length, 0);
});

test("all are revoked at once, one's own alone", async () => {
  const [one, two] = [await shared("One of all"), await shared("Two of all")];
  const others = await bob.ask("Not ada's");
  await bob.settled(others);
  const kept = await share(bob, others);
  const page = await ada.submit("/account/shares", { _method: "DELETE" });

  assert.match(page.words(".flash p"), /none of your links opens anything/);
  for (const { link } of [one, two]) assert.equal((await app.visitor().get(link)).status, 410);
  assert.equal((await app.visitor().get(kept.link)).status, 200);
});

test("a new link opens the same, and the old one nothing, as if it had never been", async () => {
  const { link, own } = await shared("Lost");
  const page = await ada.submit(`${own}/links`);
  const renewed = new URL(page.words("#share-link")).pathname;
  const old = await app.visitor().get(link);
  const never = await app.visitor().get("/s/AAAAAAAAAAAAAAAAAAAAAA");

  assert.notEqual(renewed, link);
  assert.equal((await app.visitor().get(renewed)).words(".message--answer"), "Answer Lost");
  assert.equal(old.status, 404);
  assert.equal(old.html, never.html);
  assert.deepEqual([...old.headers.keys()], [...never.headers.keys()]);
});

test("somebody else finds none of it, and changes nothing", async () => {
  const { link, own } = await shared("Ada's");
  const missing = await bob.get("/account/shares/nothing");
  const strip = (html: string) => html.replace(/<code>[\w-]+<\/code>/, "");

  for (const page of [
    await bob.get(own),
    await bob.get(`${own}/versions/new`),
    await bob.post(`${own}/versions`, { ids: "1" }),
    await bob.post(`${own}/links`),
    await bob.post(own, { _method: "DELETE" }),
  ]) {
    assert.equal(page.status, 404);
    assert.equal(strip(page.html), strip(missing.html));
  }
  assert.equal((await app.visitor().get(link)).status, 200);
  assert.doesNotMatch((await bob.get("/account/shares")).html, /Ada&#39;s|Ada's/);
});

test("what has ended is forgotten, at first what it showed, after 30 days that it was", async () => {
  const [kept, expired, old, used] = [
    await shared("Kept"),
    await shared("Expired"),
    await shared("Long expired"),
    await shared("Used"),
  ];
  change(expired.own, "expiresAt = ?", daysAgo(1));
  change(old.own, "expiresAt = ?", daysAgo(31));
  change(used.own, "viewLimit = 1, views = 1, openedAt = ?", daysAgo(2));
  await prune();

  assert.deepEqual(
    [kept, expired, old, used].map(({ own }) => messagesOf(own)),
    [2, 0, 0, 0],
  );
  const statuses = [kept, expired, old, used].map(({ link }) => app.visitor().get(link));
  assert.deepEqual(
    (await Promise.all(statuses)).map(({ status }) => status),
    [200, 410, 404, 410],
  );
});

test("what is no id of a share is nothing here", async () => {
  for (const id of ["%00", "null", "..%2f..", "x".repeat(5000), "'"]) {
    for (const page of [
      await ada.get(`/account/shares/${id}`),
      await ada.post(`/account/shares/${id}/links`),
      await ada.post(`/account/shares/${id}/versions`, { ids: "1" }),
      await ada.post(`/account/shares/${id}`, { _method: "DELETE" }),
    ])
      assert.equal(page.status, 404, id);
  }
});
