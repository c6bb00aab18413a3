import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../support/app.js";
import { statementsOf } from "../../support/statements.js";
import type { Page, Visitor } from "../../support/visitor.js";

const app = await startApp();
const ada = await app.signedIn("ada");
const bob = await app.signedIn("bob");

/** Makes a folder; returns its address. */
async function made(visitor: Visitor, name: string): Promise<string> {
  const page = await visitor.post("/folders", { name });
  assert.equal(page.status, 303, page.words(".field__error"));
  return String(page.location);
}

function idOf(path: string): string {
  return path.split("/").at(-1) ?? "";
}

/** The sidebar as one reads it: each folder with what is in it, and what is in none. */
function sidebar(page: Page) {
  const text = (element: Parameters<typeof page.$>[0]) => page.$(element).text().trim();
  const links = (selector: string, within?: Parameters<typeof page.$>[0]) =>
    (within ? page.$(within).find(selector) : page.$(selector)).toArray().map(text);
  const folders = page.$(".sidebar__folder").toArray();

  return {
    folders: Object.fromEntries(
      folders.map((folder) => [
        page.$(folder).find(".sidebar__fold .sidebar__title").text(),
        links(".sidebar__link", folder),
      ]),
    ),
    rest: links("conversation-list > .sidebar__list .sidebar__link"),
  };
}

test("a folder is made, renamed and deleted, and what was in it stays", async () => {
  const path = await made(ada, "  Work\n ");
  const begun = await ada.get(`/?folder=${idOf(path)}`);
  assert.equal(begun.words(".greeting__title"), "A new conversation in “Work”");
  const inside = await ada.ask("Inside", { folder: String(begun.field("folder")) });
  await ada.settled(inside);
  await ada.talk("Outside");

  assert.deepEqual(sidebar(await ada.get("/")), {
    folders: { Work: ["Inside"] },
    rest: ["Outside"],
  });
  const renamed = await ada.submit(path, { _method: "PATCH", name: "Play" });
  assert.deepEqual([renamed.words("h1"), renamed.words(".flash p")], ["Play", "Renamed"]);
  assert.deepEqual(renamed.all(".listing__link"), ["Inside"]);
  assert.equal((await ada.get(inside)).words(".conversation__folder"), "In the folder Play");

  const deleted = await ada.submit(path, { _method: "DELETE" });
  assert.match(deleted.words(".flash p"), /^Folder deleted/);
  assert.deepEqual(sidebar(deleted), { folders: {}, rest: ["Outside", "Inside"] });
  assert.equal((await ada.get(path)).status, 404);
  await ada.post("/clear");
});

test("the folder of the open conversation is unfolded, and those that the browser remembers", async () => {
  const fay = await app.signedIn("fay");
  const [one, two] = [await made(fay, "One"), await made(fay, "Two")];
  const inOne = await fay.ask("In one", { folder: idOf(one) });
  const page = await fay.settled(inOne);
  const open = (each: Page) => each.$(".sidebar__folder[open] .sidebar__fold").text().trim();

  assert.equal(open(page), "One");
  assert.equal(open(await fay.get("/")), "");
  fay.cookies.set("aifacade-folders", idOf(two));
  assert.equal(open(await fay.get("/")), "Two");
  for (const told of ["", "..", "x", "1.2.__proto__", "9".repeat(400)]) {
    fay.cookies.set("aifacade-folders", told);
    assert.equal((await fay.get("/")).status, 200, told);
  }
});

test("folders stand in the order of their names, an empty one says so, and each leads to its page", async () => {
  const gus = await app.signedIn("gus");
  for (const name of ["beta 10", "Alpha", "beta 9"]) await made(gus, name);
  const page = await gus.get("/");

  assert.deepEqual(Object.keys(sidebar(page).folders), ["Alpha", "beta 9", "beta 10"]);
  assert.match(page.words(".sidebar__inside"), /^Nothing in it yet, Alpha/);
  const empty = await gus.get(String(page.$(".sidebar__inside").attr("href")));
  assert.equal(empty.words("h1"), "Alpha");
  assert.match(empty.words(".empty"), /Nothing is in this folder yet/);
  assert.deepEqual((await gus.get("/folders")).all(".listing__link"), [
    "Alpha",
    "beta 9",
    "beta 10",
  ]);
});

test("a folder has pages; the sidebar has its first ten, pinned ones first", async () => {
  const hal = await app.signedIn("hal");
  const path = await made(hal, "Many");
  const userId = app.database.prepare("SELECT id FROM User WHERE username = 'hal'").pluck().get();
  const insert = app.database.prepare(
    "INSERT INTO Conversation (id, userId, title, updatedAt, folderId, pinnedAt) VALUES (?, ?, ?, ?, ?, ?)",
  );
  for (let n = 1; n <= 65; n += 1) {
    const at = new Date(n * 1000).toISOString();
    insert.run(`hal-${n}`, userId, `Talk ${n}`, at, idOf(path), n === 3 ? at : null);
  }
  const titles = ["Talk 3", ...Array.from({ length: 65 }, (_, n) => `Talk ${65 - n}`)].filter(
    (title, index) => title !== "Talk 3" || index === 0,
  );

  assert.deepEqual(sidebar(await hal.get("/")).folders.Many, titles.slice(0, 10));
  const pages = [1, 2, 3].map(async (n) =>
    (await hal.get(`${path}?page=${n}`)).all(".listing__link"),
  );
  assert.deepEqual((await Promise.all(pages)).flat(), titles);
  assert.match((await hal.get("/folders")).words(".listing__items"), /65 conversations/);
});

for (const [what, name, sentence] of [
  ["no name", " \n", "A folder needs a name."],
  ["one that nobody sees", "\u200b\u2060", "A folder needs a name."],
  ["one that is too long", "x".repeat(61), "Use at most 60 characters."],
  ["one that is there already", "Taken", "You have a folder of that name already."],
] as const) {
  test(`a folder is not given ${what}, and what was typed is kept`, async () => {
    const kim = await app.signedIn(`kim ${what}`);
    await made(kim, "Taken");
    const path = await made(kim, "Mine");
    const [again, renamed] = [
      await kim.post("/folders", { name }),
      await kim.post(path, { _method: "PATCH", name }),
    ];

    for (const page of [again, renamed]) {
      assert.ok([409, 422].includes(page.status));
      assert.equal(page.words(".field__error"), sentence);
      assert.equal(page.$("main .field__input[aria-invalid]").attr("value"), name);
    }
    assert.deepEqual((await kim.get("/folders")).all(".listing__link"), ["Mine", "Taken"]);
  });
}

test("fifty folders are the most, in words", async () => {
  const lea = await app.signedIn("lea");
  for (let n = 1; n <= 50; n += 1) await made(lea, `Folder ${n}`);
  const page = await lea.post("/folders", { name: "One more" });

  assert.equal(page.status, 409);
  assert.match(page.words(".field__error"), /You have 50 folders/);
  assert.equal(page.$(".listing__form [name=name]").attr("value"), "One more");
});

test("somebody else's folder is as if it were not there, and nothing is put into it", async () => {
  const path = await made(ada, "Ada's own");
  const asked = await bob.ask("Into hers", { folder: idOf(path) });
  await bob.settled(asked);
  const put = { ids: idOf(asked), folder: idOf(path) };
  const tries = [
    await bob.get(path),
    await bob.post(path, { _method: "PATCH", name: "Mine" }),
    await bob.post(path, { _method: "DELETE" }),
    await bob.post("/folders/placements", put),
  ];

  assert.deepEqual(
    tries.map(({ status }) => status),
    [404, 404, 404, 404],
  );
  assert.equal((await bob.get(`/?folder=${idOf(path)}`)).field("folder"), undefined);
  assert.deepEqual(sidebar(await bob.get("/")), { folders: {}, rest: ["Into hers"] });
  assert.equal((await ada.get(path)).words("h1"), "Ada's own");
  assert.deepEqual((await ada.get(path)).all(".listing__link"), []);
  await ada.post("/clear");
});

test("a question that is refused keeps its folder", async () => {
  const path = await made(ada, "Kept");
  const refused = await ada.post("/chat", { prompt: "  ", folder: idOf(path) });

  assert.equal(refused.status, 422);
  assert.equal(refused.field("folder"), idOf(path));
});

test("a fork is in the folder of what it is a copy of", async () => {
  const max = await app.signedIn("max");
  const path = await made(max, "Forks");
  const page = await max.talk("To be forked", { folder: idOf(path) });
  const answer = String(page.$(".message--answer").attr("id")).replace("message-", "");
  await max.submit(`/messages/${answer}/forks`);

  const { Forks } = sidebar(await max.get("/")).folders;
  assert.deepEqual(Forks, ["To be forked (fork)", "To be forked"]);
});

test("what is archived or in the trash is not in its folder, and is there again afterwards", async () => {
  const nil = await app.signedIn("nil");
  const path = await made(nil, "Here");
  const talk = await nil.ask("Away and back", { folder: idOf(path) });
  await nil.settled(talk);

  for (const [away, back] of [
    [
      () => nil.post(`${talk}/archiving`),
      () => nil.post(`${talk}/archiving`, { _method: "DELETE" }),
    ],
    [
      () => nil.post(talk, { _method: "DELETE" }),
      () => nil.post(`/trash/${idOf(talk)}/restoration`),
    ],
  ] as const) {
    await away();
    assert.deepEqual((await nil.get(path)).all(".listing__link"), []);
    await back();
    assert.deepEqual((await nil.get(path)).all(".listing__link"), ["Away and back"]);
  }
});

test("the pages of folders take at most six statements, and the sidebar is read in the order of its index", async () => {
  const path = await made(ada, "Counted");
  const talk = await ada.ask("Counted talk", { folder: idOf(path) });
  await ada.settled(talk);

  for (const address of ["/folders", path, talk, `/?folder=${idOf(path)}`]) {
    const statements = await statementsOf(() => ada.get(address));
    assert.ok(statements.length <= 6, `${address}: ${statements.length}\n${statements.join("\n")}`);
  }

  const [list] = (await statementsOf(() => ada.get("/sidebar"))).filter((sql) => /rest/.test(sql));
  const plan = app.database
    .prepare(`EXPLAIN QUERY PLAN ${list}`)
    .all({ userId: "x", limit: 31 })
    .map((row) => (row as { detail: string }).detail);
  assert.equal(plan.filter((line) => /folderId_userId_trashedAt_archivedAt/.test(line)).length, 2);
  assert.deepEqual(
    plan.filter((line) => /TEMP B-TREE FOR ORDER BY|^SCAN Conversation/.test(line)),
    [],
  );
});
