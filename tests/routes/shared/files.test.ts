import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../support/app.js";
import { share } from "../../support/sharing.js";
import type { Page } from "../../support/visitor.js";

const app = await startApp({ FILES_QUOTA_MEGABYTES: "1" });
const ada = await app.signedIn("ada");
const bob = await app.signedIn("bob");

const BYTES = Buffer.from("<script>alert(1)</script> caf\xe9", "latin1");
const PASSWORD = "between you and me";

type Fields = Record<string, string>;

/** A link to a question with a file and its answer. */
async function shared(conditions: Fields = {}, bytes = BYTES) {
  const file = new File([Uint8Array.from(bytes)], "page.html");
  const asked = await ada.postFiles("/chat", { prompt: "chaos:say Read." }, [file]);
  const path = String(asked.location);
  await ada.settled(path);
  const made = await share(ada, path, (fields) => {
    for (const [name, value] of Object.entries(conditions)) fields.set(name, value);
  });
  return { ...made, path };
}

const fileLink = (page: Page) => page.$(".shared__files a").attr("href");

async function download(link: string | undefined) {
  const response = await fetch(new URL(String(link), app.url), { redirect: "manual" });
  return { response, bytes: Buffer.from(await response.arrayBuffer()) };
}

test("by default the files of a shared question are named, and not given", async () => {
  const { link, page: own } = await shared();
  const page = await app.visitor().get(link);
  assert.match(page.words(".shared__files"), /^page\.html 1 KB/);
  assert.equal(fileLink(page), undefined);
  assert.equal((await app.visitor().get(`${link}/files/1/0`)).status, 404);
  assert.match(own.words(".facts"), /Files ?only named/);
});

test("where their owner wished it they are given, to be saved and never to be opened", async () => {
  const { link } = await shared({ files: "on" });
  const reader = app.visitor();
  const page = await reader.get(link);
  const { response, bytes } = await download(fileLink(page));

  assert.deepEqual(bytes, BYTES);
  assert.equal(response.headers.get("content-type"), "application/octet-stream");
  assert.match(
    response.headers.get("content-disposition") ?? "",
    /^attachment; filename="?page\.html/,
  );
  assert.match(response.headers.get("content-security-policy") ?? "", /sandbox/);
  assert.equal(response.headers.get("referrer-policy"), "no-referrer");
  for (const other of ["2/0", "1/1", "1/-1", "x/y", "1/0'"]) {
    assert.equal((await reader.get(`${link}/files/${other}`)).status, 404, other);
  }
});

test("revoked or ended, a link gives no file, and one with a password gives them to whoever knew it", async () => {
  const first = await shared({ files: "on" });
  const href = String(fileLink(await app.visitor().get(first.link)));
  await ada.post(first.own, { _method: "DELETE" });
  assert.equal((await app.visitor().get(href)).status, 410);

  const second = await shared({ files: "on", password: PASSWORD, views: "1" });
  const without = await app.visitor().get(`${second.link}/files/1/0`);
  assert.deepEqual([without.status, without.location], [303, second.link]);
  const opened = await app.visitor().post(second.link, { password: PASSWORD });
  const { response, bytes } = await download(fileLink(opened));
  assert.equal(response.status, 200);
  assert.deepEqual(bytes, BYTES);
  const forged = String(fileLink(opened)).replace(/ticket=.{6}/, "ticket=999999");
  assert.notEqual((await app.visitor().get(forged)).status, 200);
});

test("whoever was shown it is not shown what came later without a view", async () => {
  const { link, own } = await shared({ files: "on", views: "5" });
  const href = String(fileLink(await app.visitor().post(link)));
  assert.equal((await download(href)).response.status, 200);
  const form = await ada.get(`${own}/versions/new`);
  const body = new URLSearchParams(form.$("main form.form").serialize());
  await ada.request(`${own}/versions`, { method: "POST", body, headers: { Origin: app.url } });
  const { response } = await download(href);
  assert.deepEqual(
    [response.status, response.headers.get("location")],
    [303, new URL(link, app.url).pathname],
  );
});

test("what it shows can be changed later", async () => {
  const { link, own } = await shared();
  const form = await ada.get(`${own}/versions/new`);
  const body = new URLSearchParams(form.$("main form.form").serialize());
  body.set("files", "on");
  await ada.request(`${own}/versions`, { method: "POST", body, headers: { Origin: app.url } });
  assert.ok(fileLink(await app.visitor().get(link)));
});

test("a copy has the files only where they are given, as the copier's own", async () => {
  const named = await shared();
  const without = await bob.submit(`${named.link}/copies`);
  assert.equal(without.$("a.file").length, 0);

  const given = await shared({ files: "on" });
  const copy = await bob.submit(`${given.link}/copies`);
  const link = String(copy.$(".message--question a.file").attr("href"));
  await ada.post(given.path, { _method: "DELETE" });
  const headers = {
    Cookie: [...bob.cookies].map((pair) => pair.join("=")).join("; "),
    "User-Agent": bob.userAgent,
  };
  const response = await fetch(new URL(link, app.url), { headers });
  assert.deepEqual(Buffer.from(await response.arrayBuffer()), BYTES);
  assert.equal((await ada.get(link)).status, 404);
});

test("a copy that does not come about leaves no files behind", async () => {
  const copies = await import("../../../src/models/shares/copies.js");
  const { link } = await shared({ files: "on" }, Buffer.from("of no copy"));
  const left = app.database
    .prepare("SELECT count(*) FROM File WHERE userId = (SELECT id FROM User WHERE username = ?)")
    .pluck();
  const { id } = app.database.prepare("SELECT id FROM Share ORDER BY createdAt DESC").get() as {
    id: string;
  };
  const fay = await app.signedIn("fay");
  const own = app.database.prepare("SELECT id FROM User WHERE username = 'fay'").pluck().get();
  // Whatever else goes wrong after its files have come.
  app.database.exec(
    "CREATE TRIGGER refusing BEFORE INSERT ON Conversation BEGIN SELECT raise(ABORT, 'not now'); END",
  );

  await assert.rejects(copies.create(String(own), id), /not now/);
  app.database.exec("DROP TRIGGER refusing");
  assert.equal(left.get("fay"), 0);
  assert.equal((await fay.post(`${link}/copies`)).status, 303);
  assert.equal(left.get("fay"), 1);
});

test("a copy whose files have no room is refused in words", async () => {
  const eve = await app.signedIn("eve");
  const half = (fill: string) => new File([fill.repeat(600_000)], `${fill}.txt`);
  await eve.postFiles("/chat", { prompt: "chaos:say Mine." }, [half("a")]);
  const { link } = await shared({ files: "on" }, Buffer.alloc(600_000, "b"));
  app.database.exec(`
    CREATE TABLE Came (fileId TEXT);
    CREATE TRIGGER came AFTER INSERT ON FilePiece BEGIN INSERT INTO Came VALUES (NEW.fileId); END`);
  const refused = await eve.post(`${link}/copies`);
  assert.equal(refused.status, 413);
  assert.match(refused.words("main"), /There is no room for page\.html/);
  assert.equal(app.database.prepare("SELECT count(*) FROM Came").pluck().get(), 0);
});

test("of one person one copy is made at a time", async () => {
  const kim = await app.signedIn("kim");
  const { link } = await shared({ files: "on" }, Buffer.alloc(300_000, "c"));
  const made = await Promise.all([kim.post(`${link}/copies`), kim.post(`${link}/copies`)]);
  assert.deepEqual(made.map(({ status }) => status).sort(), [303, 409]);
  assert.equal((await kim.post(`${link}/copies`)).status, 303);
});
