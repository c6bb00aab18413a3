import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../support/app.js";
import { holdLock } from "../../support/locks.js";
import { statementsOf } from "../../support/statements.js";
import type { Visitor } from "../../support/visitor.js";
import { XSS_CORPUS } from "../../support/xss-corpus.js";

const app = await startApp();
// The first account is the administrator's.
const ada = await app.signedIn("ada");
const bob = await app.signedIn("bob");

const TRANSLATE = {
  name: "translate",
  title: "Translate",
  body: "Into {{language}}: {{text:long}}",
};

const rows = () => app.database.prepare("SELECT * FROM Prompt ORDER BY id").all();
const idOf = (name: string) =>
  String(app.database.prepare("SELECT id FROM Prompt WHERE name = ?").pluck().get(name));

async function writer(name: string): Promise<Visitor> {
  const person = await app.signedIn(name);
  await person.submit("/prompts", { ...TRANSLATE, name: `of-${name}` });
  return person;
}

test("a library that is empty offers an example, which one click adds", async () => {
  const page = await bob.get("/prompts");
  assert.equal(page.status, 200);
  assert.match(page.words("main"), /none of your own/);

  const example = {
    name: page.field("name"),
    title: page.field("title"),
    body: page.field("body"),
  };
  const added = await bob.submit("/prompts", example as Record<string, string>);
  assert.match(added.words(".flash p"), /Prompt added/);
  assert.deepEqual(added.all(".library__link"), ["Translate a text"]);
  assert.deepEqual(added.all(".library__name"), ["/translate"]);
  assert.doesNotMatch(added.words("main"), /none of your own/);
});

test("a prompt is written, changed and deleted", async () => {
  const carol = await app.signedIn("carol");
  assert.equal((await carol.get("/prompts/new")).status, 200);
  await carol.submit("/prompts", { name: "/Letter-1", title: " A  letter ", body: "Dear\r\nyou" });
  const edit = await carol.get(`/prompts/${idOf("letter-1")}`);
  assert.equal(edit.field("name"), "letter-1");
  assert.equal(edit.field("title"), "A letter");
  assert.equal(edit.field("body"), "Dear\nyou");

  const address = `/prompts/${idOf("letter-1")}`;
  const changed = await carol.submit(address, {
    _method: "PATCH",
    ...{ name: "mail", title: "A mail", body: "Hello" },
  });
  assert.match(changed.words(".flash p"), /Prompt changed/);
  assert.deepEqual(changed.all(".library__name"), ["/mail"]);

  const deleted = await carol.submit(address, { _method: "DELETE" });
  assert.match(deleted.words(".flash p"), /Prompt deleted/);
  assert.deepEqual(deleted.all(".library__item"), []);
});

test("the account page and every composer lead to the prompts", async () => {
  const path = await bob.ask("Where are they?");
  await bob.settled(path);
  const id = path.split("/").at(-1);

  assert.equal((await bob.get("/account")).$('main a[href="/prompts"]').length, 1);
  assert.equal((await bob.get("/")).$('.composer a[href="/prompts"]').length, 1);
  const link = (await bob.get(path)).$(`.composer a[href="/prompts?conversation=${id}"]`);
  assert.equal(link.length, 1);
  const listed = await bob.get(`/prompts?conversation=${id}`);
  assert.match(String(listed.$(".library__link").attr("href")), new RegExp(`conversation=${id}$`));
});

for (const [what, field, value, said] of [
  ["no name", "name", " ", /Give it a name/],
  ["a name with a space", "name", "two words", /letters, digits and hyphens/],
  ["a name with a slash", "name", "a/b", /letters, digits and hyphens/],
  ["a name with markup", "name", "<b>", /letters, digits and hyphens/],
  ["a name of 41 characters", "name", "a".repeat(41), /at most 40 characters/],
  ["no title", "title", "", /title cannot be empty/],
  ["a title of 121 characters", "title", "a".repeat(121), /at most 120 characters/],
  ["no text", "body", " \n ", /Write the text/],
  ["a text of 20,001 characters", "body", "ä".repeat(20_001), /20,001 characters; 20,000/],
  ["a text with a NUL", "body", "a\0b", /NUL/],
  ["21 gaps", "body", Array.from({ length: 21 }, (_, n) => `{{g${n}}}`).join(), /at most 20/],
] as const) {
  test(`a prompt with ${what} is refused beside its field, and all of it is kept`, async () => {
    const before = rows();
    const fields = { name: "kept", title: "Kept", body: "Kept text", [field]: value };
    const page = await bob.post("/prompts", fields);

    assert.equal(page.status, 422);
    assert.match(page.words(`#field-${field}-error`), said);
    assert.deepEqual(rows(), before);
    const others = ["name", "title", "body"].filter((name) => name !== field);
    for (const name of others) assert.match(String(page.field(name)), /^\s*[Kk]ept/);
    if (value.length < 100 && !value.includes("\0")) {
      assert.equal(page.field(field), value);
    }
  });
}

test("a name is given once by each person", async () => {
  const dora = await writer("dora");
  const again = await dora.post("/prompts", { name: "OF-dora", title: "Again", body: "Mine" });
  assert.equal(again.status, 422);
  assert.match(again.words("#field-name-error"), /You have a prompt of that name/);
  assert.equal(again.field("body")?.trim(), "Mine");

  await dora.submit("/prompts", { ...TRANSLATE, name: "other" });
  const renamed = await dora.post(`/prompts/${idOf("other")}`, {
    ...{ _method: "PATCH", name: "of-dora", title: "Again", body: "Changed" },
  });
  assert.equal(renamed.status, 422);
  assert.match(renamed.words("#field-name-error"), /You have a prompt of that name/);
  assert.equal(renamed.field("body")?.trim(), "Changed");
  assert.equal(renamed.$(`form[action='/prompts/${idOf("other")}']`).length > 0, true);

  const emil = await app.signedIn("emil");
  const free = await emil.submit("/prompts", { ...TRANSLATE, name: "of-dora" });
  assert.match(free.words(".flash p"), /added/);
});

test("what an administrator writes for everyone all may use, and nobody else may change", async () => {
  await ada.submit("/prompts", { ...TRANSLATE, name: "ours", title: "Ours", everyone: "on" });
  const id = idOf("ours");
  assert.match((await ada.get("/prompts")).words(".library__item"), /Ours \/ours For everyone/);

  const listed = await bob.get("/prompts");
  assert.match(listed.words("main"), /For everyone Ours \/ours/);
  assert.equal(listed.$(`[href="/prompts/${id}"], [action="/prompts/${id}"]`).length, 0);
  assert.equal((await bob.get(`/prompts/${id}/use`)).status, 200);
  assert.match((await bob.get("/prompts/choices")).html, /\/ours/);

  const before = rows();
  const change = { ...TRANSLATE, name: "theirs" };
  assert.equal((await bob.get(`/prompts/${id}`)).status, 404);
  for (const _method of ["PATCH", "DELETE"]) {
    assert.equal((await bob.post(`/prompts/${id}`, { ...change, _method })).status, 404);
  }
  assert.deepEqual(rows(), before);
});

test("who is no administrator writes for nobody else, and who was one no longer does", async () => {
  await bob.submit("/prompts", { ...TRANSLATE, name: "sly", everyone: "on", shared: "1" });
  assert.equal((await bob.get("/prompts/new")).$("[name=everyone]").length, 0);
  assert.doesNotMatch((await ada.get("/prompts")).html, /sly/);

  const zoe = await app.signedIn("zoe");
  const grade = app.database.prepare("UPDATE User SET administrator = ? WHERE username = 'zoe'");
  grade.run(1);
  await zoe.submit("/prompts", { ...TRANSLATE, name: "zoes", everyone: "on" });
  assert.match((await bob.get("/prompts")).html, /zoes/);
  grade.run(0);
  assert.doesNotMatch((await bob.get("/prompts")).html, /zoes/);
  assert.equal((await bob.get(`/prompts/${idOf("zoes")}/use`)).status, 404);
  assert.match((await zoe.get("/prompts")).html, /zoes/);
});

test("another's prompt is as if it were not there", async () => {
  await writer("fay");
  const id = idOf("of-fay");
  const before = rows();

  for (const [path, fields] of [
    [`/prompts/${id}`, null],
    [`/prompts/${id}/use`, null],
    [`/prompts/${id}/use`, {}],
    [`/prompts/${id}`, { _method: "PATCH", ...TRANSLATE }],
    [`/prompts/${id}`, { _method: "DELETE" }],
  ] as const) {
    const ask = (where: string) => (fields ? bob.post(where, fields) : bob.get(where));
    const theirs = await ask(path);
    const nobodys = await ask(path.replace(id, "nothing"));
    assert.equal(theirs.status, 404);
    assert.equal(theirs.words("main p:first-of-type"), nobodys.words("main p:first-of-type"));
  }
  for (const path of ["/prompts", "/prompts/choices"]) {
    assert.doesNotMatch((await bob.get(path)).html, /of-fay/);
  }
  assert.deepEqual(rows(), before);
});

test("a form says nothing but what its fields are for", async () => {
  const gus = await app.signedIn("gus");
  const fields = { ...TRANSLATE, id: "mine", userId: "x", createdAt: "2020-01-01", _id: "y" };
  await gus.submit("/prompts", { ...fields, name: "plain" });
  const row = app.database.prepare("SELECT * FROM Prompt WHERE name = 'plain'").get() as {
    id: string;
    userId: string;
    createdAt: string;
  };
  assert.notEqual(row.id, "mine");
  assert.notEqual(row.userId, "x");
  assert.doesNotMatch(row.createdAt, /2020/);
});

test("what is no text in a form is refused, not an error of ours", async () => {
  const twice = "name=a&name=b&title=a&title=b&body=a&body=b&everyone=a&everyone=b";
  const sent = await bob.request("/prompts", {
    method: "POST",
    body: twice,
    headers: { Origin: app.url, "Content-Type": "application/x-www-form-urlencoded" },
  });
  assert.equal(sent.status, 422);
  for (const path of ["/prompts/%00", "/prompts/a%2fb", `/prompts/${"x".repeat(4000)}`]) {
    assert.equal((await bob.get(path)).status, 404, path);
    assert.equal((await bob.get(`${path}/use`)).status, 404, path);
  }
});

test("two hundred prompts are the most, and what was typed is kept", async () => {
  const hal = await writer("hal");
  const { userId } = app.database
    .prepare("SELECT userId FROM Prompt WHERE name = 'of-hal'")
    .get() as {
    userId: string;
  };
  const insert = app.database.prepare(
    "INSERT INTO Prompt (id, userId, name, title, body) VALUES (?, ?, ?, 'T', 'B')",
  );
  for (let number = 1; number < 200; number++) insert.run(`hal${number}`, userId, `p${number}`);

  const page = await hal.post("/prompts", { ...TRANSLATE, name: "one-more" });
  assert.equal(page.status, 409);
  assert.match(page.words("[role=alert]"), /200 prompts, and that is the most/);
  assert.equal(page.field("name"), "one-more");

  const statements = await statementsOf(() => hal.get("/prompts"));
  assert.ok(statements.length <= 6, statements.join("\n"));
});

test("what cannot be stored now is still in its form", async () => {
  const ina = await writer("ina");
  const lock = await holdLock(app.database.name, { kind: "IMMEDIATE", forMs: 60_000 });
  const page = await ina.post(`/prompts/${idOf("of-ina")}`, {
    ...{ _method: "PATCH", name: "kept", title: "Kept", body: "Kept text" },
  });
  lock.process.kill("SIGKILL");
  await lock.over;

  assert.equal(page.status, 503);
  assert.equal(page.field("body")?.trim(), "Kept text");
});

test("names, titles and texts are text wherever they are shown", async () => {
  const kim = await app.signedIn("kim");
  const payloads = XSS_CORPUS.filter((text) => !/\0/.test(text) && [...text].length <= 100);
  for (const [index, text] of payloads.entries()) {
    await kim.post("/prompts", { name: `x${index}`, title: `T${text}`, body: `${text}{{gap}}` });
  }
  const stored = app.database
    .prepare("SELECT count(*) FROM Prompt WHERE name LIKE 'x%'")
    .pluck()
    .get();
  assert.ok(Number(stored) > 100);

  for (const path of ["/prompts", "/prompts/choices", `/prompts/${idOf("x0")}`]) {
    const { $ } = await kim.get(path);
    const elements = $("main, body").find(
      "script, iframe, object, embed, base, style, img, svg:not(.icon), math",
    );
    assert.equal(elements.length, 0, path);
    const nodes = $("*").toArray();
    const names = nodes.flatMap((node) => Object.keys("attribs" in node ? node.attribs : {}));
    assert.deepEqual(
      names.filter((name) => name.startsWith("on")),
      [],
      path,
    );
  }
});
