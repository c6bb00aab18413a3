import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { startApp } from "../../support/app.js";
import * as scenario from "../../support/fake-deepseek.js";
import { statementsOf } from "../../support/statements.js";
import type { Page, Visitor } from "../../support/visitor.js";

const app = await startApp();
// The server does this each second; here it is done when a test says so.
const { indexWaiting } = await import("../../../src/models/search/indexing.js");
const ada = await app.signedIn("ada");
const bob = await app.signedIn("bob");

async function searched(visitor: Visitor, q: string, filters: Record<string, string> = {}) {
  await indexWaiting();
  return visitor.get(`/search?${new URLSearchParams({ q, ...filters })}`);
}

function snippets(page: Page): string[] {
  return page.all(".hit__snippet");
}

function userId(name: string): string {
  return String(app.database.prepare("SELECT id FROM User WHERE username = ?").pluck().get(name));
}

function typed(page: Page): string | undefined {
  return page.$("main [name=q]").attr("value");
}

let made = 0;

/** A conversation with these questions, made without asking for each. */
function noted(name: string, texts: string[], title = "Notes"): string {
  made += 1;
  const id = `made-${made}`;
  app.database
    .prepare(
      "INSERT INTO Conversation (id, userId, title, updatedAt) VALUES (?, ?, ?, '2026-01-01')",
    )
    .run(id, userId(name), title);
  const insert = app.database.prepare(
    "INSERT INTO Message (conversationId, role, body, createdAt) VALUES (?, 'question', ?, '2026-01-01T00:00:00.000+00:00')",
  );
  app.database.transaction(() => {
    for (const text of texts) insert.run(id, text);
  })();
  return id;
}

test("what I asked and what was answered is found, with its words marked, and leads to its place", async () => {
  const path = await ada.ask("chaos:say The aurora is made by the solar wind.");
  await ada.settled(path);
  const page = await searched(ada, "Solar AURORA");
  const hit = page.$(".hit").first();
  const id = /message=(\d+)/.exec(String(hit.find("a").attr("href")))?.[1];

  assert.equal(page.status, 200);
  assert.equal(page.$(".hit").length, 2);
  assert.equal(hit.find("a").attr("href"), `${path}?message=${id}#message-${id}`);
  assert.deepEqual(
    hit
      .find(".hit__snippet mark")
      .toArray()
      .map((mark) => page.$(mark).text().toLowerCase()),
    ["aurora", "solar"],
  );
  assert.equal((await ada.get(`${path}?message=${id}`)).$(`#message-${id}`).length, 1);
  assert.equal(typed(page), "Solar AURORA");
});

test("a word is found by its beginning while it is typed, in any case and without its accents", async () => {
  noted("ada", ["Die Straßenbahn fährt über die Brücke nach Zürich"]);
  for (const q of ["strass", "Straßenb", "bruc", "zurich", "ZÜRI", "fahrt uber"])
    assert.equal(snippets(await searched(ada, q)).length, 1, q);
  assert.equal(snippets(await searched(ada, "bruc zurich")).length, 0, "only the last is open");
});

test("what is written in scripts without spaces is found from any character on", async () => {
  noted("ada", [
    "我想学习中文的语法。",
    "東京タワーはどこですか",
    "한국어를 배우고 있습니다",
    "ฉันชอบภาษาไทย",
  ]);
  const found = {
    学习: 1,
    中文: 1,
    学: 1,
    法: 1,
    学习中文: 1,
    学中: 0,
    東京: 1,
    タワー: 1,
    どこで: 1,
  };
  const more = { 국어: 1, 배우고: 1, ภาษา: 1, "中文 语法": 1, "タワー 学习": 0 };

  for (const [q, count] of Object.entries({ ...found, ...more }))
    assert.equal(snippets(await searched(ada, q)).length, count, q);
  assert.equal((await searched(ada, "语法")).words(".hit__snippet mark"), "语法");
});

test("whatever stands in a search is text, not a language", async () => {
  noted("ada", [
    'NEAR and far, title:words OR nothing ("quoted") AND a-hyphen* of C++ ^caret {braces}',
  ]);
  const hostile = [
    "NEAR(and far)",
    "near far",
    "title:words",
    'title : "words"',
    "words OR nothing",
    '"quoted',
    'quoted"',
    '""quoted""',
    "a-hyphen",
    "-hyphen",
    "hyphen*",
    "*hyphen*",
    "^caret",
    "{braces} : far",
    "C++ far",
    "AND",
    "NOT far",
    "far) OR (1",
    "far'; DROP TABLE Search; --",
    "far\\",
    "far\u0000 near",
    "far %",
    "far_near",
  ];
  for (const q of hostile) {
    const page = await searched(ada, q);
    assert.equal(page.status, 200, q);
    assert.equal(snippets(page).length, /NOT|1|DROP/.test(q) ? 0 : 1, q);
  }
});

test("a search without a word says so, and an empty one says what can be found", async () => {
  for (const q of ["***", '"', "-", ":)", "()", "… — !", "🎉"]) {
    const page = await searched(ada, q);
    assert.equal(page.status, 200);
    assert.match(page.words(".empty"), /no word/, q);
    assert.equal(typed(page), q);
  }
  assert.match((await searched(ada, " ")).words(".empty"), /can be found here/);
  const nothing = await searched(ada, "<b>zzyzx");
  assert.match(nothing.words(".empty"), /Nothing holds “<b>zzyzx”/);
});

test("of a very long search the first twenty words count, and that is said", async () => {
  const text = Array.from({ length: 1200 }, (_, index) => `pasted${index}`).join(" ");
  noted("ada", [text]);
  const page = await searched(ada, text.slice(0, 10_000));

  assert.equal(snippets(page).length, 1);
  assert.match(page.words(".search__count"), /1 message, by the first 20 words/);
  assert.equal((await searched(ada, "x".repeat(10_000))).status, 200);
});

test("what was written cannot become markup in a result", async () => {
  const script = "<script>alert(1)</script><img src=x onerror=alert(1)> <mark>payload</mark>";
  noted("ada", [script], `Title ${script}`);
  const page = await searched(ada, "payload");

  assert.equal(page.$(".hit script, .hit img").length, 0);
  assert.equal(page.words(".hit__snippet"), script);
  assert.deepEqual(page.all(".hit__snippet mark"), ["payload"]);
});

test("filters narrow a search: days, who wrote it, which model", async () => {
  const path = await ada.ask("chaos:say Pelargonium is a plant");
  await ada.settled(path);
  const old = noted("ada", ["pelargonium of old"]);
  const today = new Date().toISOString().slice(0, 10);
  const count = async (filters: Record<string, string>) =>
    (await searched(ada, "pelargonium", filters)).$(".hit").length;

  assert.equal(await count({}), 3);
  assert.equal(await count({ from: today, to: today }), 2);
  assert.equal(await count({ to: "2026-01-01" }), 1);
  assert.equal(await count({ from: "2026-01-02", to: "2026-01-03" }), 0);
  assert.equal(await count({ role: "answer" }), 1);
  assert.equal(await count({ role: "question", to: today }), 2);
  assert.equal(await count({ model: "deepseek-flash" }), 1);
  assert.equal(await count({ model: "another" }), 0);
  const page = await searched(ada, "pelargonium", { to: "2026-01-01" });
  assert.match(String(page.$(".hit a").attr("href")), new RegExp(old));
  assert.equal(page.$("details[open] [name=to]").attr("value"), "2026-01-01");
  assert.deepEqual(page.all("[name=model] option"), ["Any", "DeepSeek Flash"]);
});

test("days that are none, or in the wrong order, get a sentence and lose nothing", async () => {
  for (const [from, to, sentence] of [
    ["yesterday", "", /Give a day as 2026-11-26/],
    ["2026-02-31", "", /Give a day/],
    ["2026-02-02", "2026-02-01", /The last day is before the first/],
  ] as const) {
    const page = await searched(ada, "pelargonium", { from, to });
    assert.equal(page.status, 422);
    assert.match(page.words("[role=alert]"), sentence);
    assert.deepEqual([typed(page), page.field("from")], ["pelargonium", from]);
  }
  const odd = await ada.get("/search?q=a&q=b&role=root&model=&page=minus&from[a]=1");
  assert.equal(odd.status, 200);
});

test("the best comes first, and of equals the newest; twenty stand on a page", async () => {
  noted("ada", [
    ...Array.from({ length: 24 }, () => `quokka ${"and other animals ".repeat(20)}`),
    "quokka quokka quokka",
  ]);
  const first = await searched(ada, "quokka");
  const second = await ada.get(String(first.$("[rel=next]").attr("href")));
  const ids = [first, second].flatMap((page) =>
    page
      .$(".hit a")
      .toArray()
      .map((link) => Number(/message=(\d+)/.exec(page.$(link).attr("href") ?? "")?.[1])),
  );

  assert.match(first.words(".search__count"), /^25 messages$/);
  assert.deepEqual([first.$(".hit").length, second.$(".hit").length], [20, 5]);
  assert.equal(snippets(first)[0], "quokka quokka quokka");
  assert.deepEqual(
    ids.slice(1),
    ids.slice(1).toSorted((a, b) => b - a),
  );
  assert.match(
    (await searched(ada, "quokka", { page: "9" })).words(".empty"),
    /nothing on this page/,
  );
});

test("a conversation is found by its title, also by a new one", async () => {
  const id = noted("ada", ["first words here", "second words here"], "Wombat studies");
  assert.equal((await searched(ada, "wombat")).words(".hit__link mark"), "Wombat");
  app.database.prepare("UPDATE Conversation SET title = 'Numbat studies' WHERE id = ?").run(id);

  assert.equal((await searched(ada, "wombat")).$(".hit").length, 0);
  assert.equal((await searched(ada, "numbat first")).$(".hit").length, 1);
});

test("an answer is found once it has ended, and again when it went on", async () => {
  app.fake.next(scenario.hold(["Okapi "], [" gone on"]));
  const path = await ada.ask("Tell me of animals");
  const { id } = app.database.prepare("SELECT max(id) AS id FROM Message").get() as { id: number };
  await indexWaiting();
  assert.equal((await searched(ada, "okapi")).$(".hit").length, 0);

  await ada.post(`/generations/${id}`, { _method: "DELETE" });
  await ada.settled(path);
  assert.equal((await searched(ada, "okapi")).$(".hit").length, 1);
  const held = scenario.hold(["and "], ["gnu"]);
  app.fake.next(held);
  await ada.post(`/generations/${id}/continuation`);
  assert.equal((await searched(ada, "okapi")).$(".hit").length, 0);
  held.release();
  await ada.settled(path);
  assert.equal((await searched(ada, "gnu")).$(".hit").length, 1);
});

test("what is in the trash is not found, and of what is deleted for good nothing stays in the index", async () => {
  const eve = await app.signedIn("eve");
  await eve.talk("Axolotl one");
  const path = await eve.ask("Axolotl two");
  await eve.settled(path);
  assert.equal((await searched(eve, "axolotl")).$(".hit").length, 4);

  await eve.post(path, { _method: "DELETE" });
  assert.equal((await searched(eve, "axolotl")).$(".hit").length, 2);
  await eve.post("/clear");
  assert.equal((await searched(eve, "axolotl")).$(".hit").length, 0);
  await eve.post("/trash", { _method: "DELETE" });
  const left = app.database
    .prepare("SELECT count(*) FROM SearchTerm WHERE term LIKE '%axolotl'")
    .pluck();
  for (let tries = 0; tries < 500 && left.get() !== 0; tries += 1) await pause(20);
  assert.equal(left.get(), 0);
});

test("T-34 T-36 nobody finds what others wrote: not a hit, not a count, not a model", async () => {
  const mia = await app.signedIn("mia");
  noted("mia", ["Secret capybara plans"], "Capybara");
  assert.equal((await searched(mia, "capybara")).$(".hit").length, 1);

  for (const q of [
    "capybara",
    "cap",
    "c",
    "*",
    '"capybara" OR',
    "secret",
    "NEAR(capybara plans)",
  ]) {
    const page = await searched(bob, q);
    assert.equal(page.$(".hit").length, 0, q);
    assert.doesNotMatch(page.words("[data-part=results]"), /\d+ message|Secret c/);
  }
  assert.deepEqual((await searched(bob, "capybara")).all("[name=model] option"), ["Any"]);
  assert.equal(
    (await app.visitor().get("/search?q=capybara")).location,
    "/login?next=%2Fsearch%3Fq%3Dcapybara",
  );
});

test("T-34 who shares another's key in the index still finds only what is theirs", async () => {
  const max = await app.signedIn("max");
  const own = noted("max", ["platypus of max"]);
  noted("bob", ["platypus of bob"]);
  await indexWaiting();
  app.database.prepare("UPDATE Conversation SET userId = ? WHERE id = ?").run(userId("bob"), own);

  assert.equal((await searched(max, "platypus")).$(".hit").length, 0);
  assert.equal((await searched(bob, "platypus")).$(".hit").length, 1);
});

test("a script gets the results alone", async () => {
  const page = await ada.get("/search/results?q=quokka");
  assert.equal(page.$(".hit").length, 20);
  assert.equal(page.$("nav.sidebar, form").length, 0);
  assert.equal(page.headers.get("cache-control"), "no-store");
});

test("each page has a field that searches, without a script", async () => {
  const form = (await ada.get("/")).$(".sidebar form[action='/search']");
  assert.equal(form.attr("method"), "get");
  assert.equal(form.find("input[name=q]").length, 1);
});

test("a search takes at most six statements, everything included", async () => {
  for (const path of ["/search", "/search?q=quokka", "/search/results?q=quokka"]) {
    const statements = await statementsOf(() => ada.get(path));
    assert.ok(statements.length > 1 && statements.length <= 6, statements.join("\n"));
  }
});

test("a search is narrowed to a folder", async () => {
  const folder = String((await ada.post("/folders", { name: "Birds" })).location)
    .split("/")
    .at(-1);
  const inside = noted("ada", ["The kingfisher in the folder"]);
  noted("ada", ["The kingfisher outside"]);
  await ada.post("/folders/placements", { ids: inside, folder: String(folder) });
  const page = await searched(ada, "kingfisher", { folder: String(folder) });

  assert.deepEqual(snippets(page), ["The kingfisher in the folder"]);
  assert.equal(page.words("[name=folder] [selected]"), "Birds");
  assert.equal(page.$("details[open]").length, 1);
  assert.equal(snippets(await searched(ada, "kingfisher", { folder: "x" })).length, 2);
  assert.equal((await searched(bob, "kingfisher", { folder: String(folder) })).$(".hit").length, 0);
});
