import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../support/app.js";
import { statementsOf } from "../../support/statements.js";
import type { Page, Visitor } from "../../support/visitor.js";
import { XSS_CORPUS } from "../../support/xss-corpus.js";

const app = await startApp();
// The first account is the administrator's.
const ada = await app.signedIn("ada");
const bob = await app.signedIn("bob");

const TEACHER = {
  ...{ name: "Teacher", icon: "graduation-cap", description: "Explains with patience." },
  ...{ systemPrompt: "You are a patient teacher.", thinking: "off", temperature: "0.5" },
  starters: "chaos:say Why is the sky blue?\r\n\r\nHow does a lens work?",
};

const rows = () => app.database.prepare("SELECT * FROM Preset ORDER BY id").all();
const idOf = (name: string) =>
  String(app.database.prepare("SELECT id FROM Preset WHERE name = ?").pluck().get(name));
const conversationAt = (path: string | null) =>
  app.database.prepare("SELECT * FROM Conversation WHERE id = ?").get(path?.split("/").at(-1)) as {
    presetId: string | null;
    systemPrompt: string | null;
    thinking: string | null;
    temperature: number | null;
  };

async function made(person: Visitor, name: string, more: Record<string, string> = {}) {
  const sent = await person.post("/presets", { ...TEACHER, name, ...more });
  assert.equal(sent.status, 303, sent.words(".field__error"));
  return idOf(name);
}

/** What the form of a new conversation sends, with a question. */
function asked(page: Page, prompt: string): Record<string, string> {
  const fields = page.$("#composer").find("input, select, textarea").toArray();
  const pairs = fields.map((field) => [
    String(page.$(field).attr("name")),
    String(page.$(field).val() ?? ""),
  ]);
  return { ...Object.fromEntries(pairs), prompt };
}

test("a preset is made, chosen above a new conversation, changed and deleted", async () => {
  const carol = await app.signedIn("carol");
  assert.match((await carol.get("/presets")).words("main"), /There are none yet/);
  const blank = await carol.get("/presets/new");
  assert.equal(blank.$("[name=icon][checked]").length, 1);

  const chosen = await carol.submit("/presets", TEACHER);
  assert.match(chosen.words(".flash p"), /Preset added/);
  assert.equal(chosen.words("h1"), "Teacher");
  assert.match(chosen.words(".greeting"), /Explains with patience/);
  assert.deepEqual(chosen.all(".starters__button"), [
    "chaos:say Why is the sky blue?",
    "How does a lens work?",
  ]);
  assert.equal(chosen.field("systemPrompt")?.trim(), TEACHER.systemPrompt);

  const id = idOf("Teacher");
  const edit = await carol.get(`/presets/${id}`);
  assert.equal(
    edit.field("starters")?.trim(),
    "chaos:say Why is the sky blue?\nHow does a lens work?",
  );
  assert.equal(edit.$("[name=icon][checked]").attr("value"), "graduation-cap");
  const changed = await carol.submit(`/presets/${id}`, {
    ...{ ...TEACHER, _method: "PATCH", name: "Coach", icon: "heart" },
  });
  assert.match(changed.words(".flash p"), /Preset changed/);
  assert.deepEqual(changed.all(".library__link"), ["Coach"]);

  const deleted = await carol.submit(`/presets/${id}`, { _method: "DELETE" });
  assert.match(deleted.words(".flash p"), /Preset deleted/);
  assert.deepEqual(deleted.all(".library__item"), []);
});

test("a conversation that begins with a preset is asked with what the preset was then", async () => {
  const dora = await app.signedIn("dora");
  const id = await made(dora, "Of Dora");
  const page = await dora.get(`/?preset=${id}`);
  const sent = await dora.post("/chat", asked(page, "chaos:say Yes."));
  const talked = await dora.settled(String(sent.location));
  const stored = conversationAt(sent.location);

  assert.equal(stored.presetId, id);
  assert.equal(stored.systemPrompt, TEACHER.systemPrompt);
  assert.equal(stored.thinking, "off");
  assert.equal(stored.temperature, 0.5);
  assert.match(talked.words(".conversation__header"), /Of Dora/);
  assert.equal(app.fake.requests.at(-1)?.body.messages[0].content, TEACHER.systemPrompt);

  await dora.submit(`/presets/${id}`, {
    ...{ ...TEACHER, _method: "PATCH", name: "Renamed", systemPrompt: "Another." },
  });
  assert.deepEqual(conversationAt(sent.location), stored);
  const opened = await dora.get(String(sent.location));
  assert.match(opened.words(".conversation__header"), /Renamed/);

  await dora.submit(`/presets/${id}`, { _method: "DELETE" });
  const kept = await dora.talk("chaos:say On.", {
    conversation: String(sent.location).split("/").at(-1) ?? "",
  });
  assert.doesNotMatch(kept.words(".conversation__header"), /Renamed/);
  assert.equal(app.fake.requests.at(-1)?.body.messages[0].content, TEACHER.systemPrompt);
});

test("a starter of a preset is asked with it, and what was chosen beside it holds", async () => {
  const emil = await app.signedIn("emil");
  const id = await made(emil, "Of Emil");
  const page = await emil.get(`/?preset=${id}`);
  const starter = String(page.$(".starters__button").first().attr("value"));
  const sent = await emil.post("/chat", { ...asked(page, ""), starter, thinking: "" });

  assert.equal(sent.status, 303);
  const talked = await emil.settled(String(sent.location));
  assert.equal(talked.words(".message--question .message__body"), "chaos:say Why is the sky blue?");
  assert.equal(conversationAt(sent.location).presetId, id);
  assert.equal(conversationAt(sent.location).thinking, null);
});

test("a fork remembers the preset of its original", async () => {
  const fay = await app.signedIn("fay");
  const id = await made(fay, "Of Fay");
  const sent = await fay.post("/chat", asked(await fay.get(`/?preset=${id}`), "chaos:say Yes."));
  const talked = await fay.settled(String(sent.location));
  const fork = await fay.post(String(talked.$("form[action$='/forks']").last().attr("action")));
  assert.equal(conversationAt(fork.location).presetId, id);
  assert.match((await fay.follow(fork)).words(".conversation__header"), /Of Fay/);
});

test("a refused question keeps its preset, and its text", async () => {
  const gus = await app.signedIn("gus");
  const id = await made(gus, "Of Gus");
  const page = await gus.post("/chat", asked(await gus.get(`/?preset=${id}`), " "));
  assert.equal(page.status, 422);
  assert.equal(page.field("preset"), id);
  assert.equal(page.field("systemPrompt")?.trim(), TEACHER.systemPrompt);

  await gus.submit(`/presets/${id}`, { _method: "DELETE" });
  const sent = await gus.post("/chat", asked(page, "chaos:say Without it."));
  await gus.settled(String(sent.location));
  assert.equal(conversationAt(sent.location).presetId, null);
  assert.equal(conversationAt(sent.location).systemPrompt, TEACHER.systemPrompt);
});

test("who chooses none, or one that is not there, gets the usual greeting", async () => {
  for (const path of [
    "/",
    "/?preset=nothing",
    "/?preset=",
    "/?preset=a&preset=b",
    "/?preset=%00",
  ]) {
    const page = await bob.get(path);
    assert.equal(page.status, 200, path);
    assert.match(page.words("h1"), /Good to see you, bob/);
    assert.equal(page.$(".starters__button").length, 3);
    assert.equal(page.field("preset"), undefined);
  }
});

test("what an administrator makes for everyone all may begin with and copy, and nobody else change", async () => {
  const id = await made(ada, "Ours", { everyone: "on" });
  const home = await bob.get("/");
  assert.match(home.words(".presets"), /Ours/);
  assert.equal((await bob.get(`/?preset=${id}`)).words("h1"), "Ours");
  const listed = await bob.get("/presets");
  assert.match(listed.words("main"), /For everyone Ours/);
  assert.equal(listed.$(`[href="/presets/${id}"], [action="/presets/${id}"]`).length, 0);

  const before = rows();
  assert.equal((await bob.get(`/presets/${id}`)).status, 404);
  for (const _method of ["PATCH", "DELETE"]) {
    assert.equal((await bob.post(`/presets/${id}`, { ...TEACHER, _method })).status, 404);
  }
  assert.deepEqual(rows(), before);

  const copied = await bob.submit(`/presets/${id}/copies`);
  assert.match(copied.words(".flash p"), /your own/i);
  assert.equal(copied.field("name"), "Ours (copy)");
  assert.equal(copied.field("systemPrompt")?.trim(), TEACHER.systemPrompt);
  assert.doesNotMatch((await ada.get("/presets")).html, /Ours \(copy\)/);
});

test("who is no administrator makes presets for nobody else, and who was one no longer does", async () => {
  await made(bob, "Sly", { everyone: "on", shared: "1" });
  assert.equal((await bob.get("/presets/new")).$("[name=everyone]").length, 0);
  assert.doesNotMatch((await ada.get("/")).html, /Sly/);

  const zoe = await app.signedIn("zoe");
  const grade = app.database.prepare("UPDATE User SET administrator = ? WHERE username = 'zoe'");
  grade.run(1);
  const id = await made(zoe, "Zoes", { everyone: "on" });
  assert.match((await bob.get("/")).html, /Zoes/);
  grade.run(0);
  assert.doesNotMatch((await bob.get("/")).html, /Zoes/);
  assert.equal((await bob.post(`/presets/${id}/copies`)).status, 404);
  assert.match((await zoe.get("/presets")).html, /Zoes/);
});

test("another's preset is as if it were not there", async () => {
  const hal = await app.signedIn("hal");
  const id = await made(hal, "Of Hal");
  const before = rows();

  assert.match((await bob.get(`/?preset=${id}`)).words("h1"), /Good to see you/);
  for (const [path, fields] of [
    [`/presets/${id}`, null],
    [`/presets/${id}`, { ...TEACHER, _method: "PATCH" }],
    [`/presets/${id}`, { _method: "DELETE" }],
    [`/presets/${id}/copies`, {}],
  ] as const) {
    const page = fields ? await bob.post(path, fields) : await bob.get(path);
    assert.equal(page.status, 404, path);
    assert.doesNotMatch(page.html, /Of Hal/);
  }
  const sent = await bob.post("/chat", { prompt: "chaos:say x", preset: id });
  await bob.settled(String(sent.location));
  assert.equal(conversationAt(sent.location).presetId, null);
  assert.equal(conversationAt(sent.location).systemPrompt, null);
  assert.doesNotMatch((await bob.get("/presets")).html, /Of Hal/);
  assert.deepEqual(rows(), before);
});

for (const [what, field, value, said] of [
  ["no name", "name", " ", /Give it a name/],
  ["a name of 61 characters", "name", "a".repeat(61), /at most 60/],
  ["an icon that is none of ours", "icon", "constructor", /one of the icons/],
  ["a description of 201 characters", "description", "a".repeat(201), /at most 200/],
  ["five starters", "starters", "1\n2\n3\n4\n5", /at most 4/],
  ["a starter of 301 characters", "starters", "a".repeat(301), /at most 300/],
  ["a temperature of 3", "temperature", "3", /0 to 2/],
  ["a model that nobody offers", "model", "default:nothing", /not offered/],
] as const) {
  test(`a preset with ${what} is refused beside its field, and all of it is kept`, async () => {
    const before = rows();
    const page = await bob.post("/presets", { ...TEACHER, [field]: value });
    assert.equal(page.status, 422);
    assert.match(page.words("main .field__error"), said);
    assert.deepEqual(rows(), before);
    assert.equal(page.field("systemPrompt")?.trim(), TEACHER.systemPrompt);
    assert.equal(page.$("[name=icon]").length > 10, true);
  });
}

test("a hundred presets are the most, and any number of them costs one statement", async () => {
  const ida = await app.signedIn("ida");
  await made(ida, "Of Ida");
  const { userId } = app.database
    .prepare("SELECT userId FROM Preset WHERE name = 'Of Ida'")
    .get() as {
    userId: string;
  };
  const insert = app.database.prepare(
    "INSERT INTO Preset (id, userId, name, icon) VALUES (?, ?, ?, 'heart')",
  );
  for (let number = 1; number < 100; number++) insert.run(`ida${number}`, userId, `P${number}`);

  const page = await ida.post("/presets", { ...TEACHER, name: "One more" });
  assert.equal(page.status, 409);
  assert.match(page.words("[role=alert]"), /100 presets, and that is the most/);
  assert.equal(page.field("name"), "One more");
  assert.equal((await ida.post(`/presets/${idOf("Of Ida")}/copies`)).status, 409);

  const statements = await statementsOf(() => ida.get(`/?preset=${idOf("Of Ida")}`));
  assert.ok(statements.length <= 6, statements.join("\n"));
});

test("names, descriptions and starters are text wherever they are shown", async () => {
  const kim = await app.signedIn("kim");
  const payloads = XSS_CORPUS.filter((text) => !/\0/.test(text) && [...text].length <= 60);
  for (const text of payloads.slice(0, 90)) {
    await kim.post("/presets", { ...TEACHER, name: text, description: text, starters: text });
  }
  const ids = app.database
    .prepare("SELECT id FROM Preset WHERE userId = (SELECT id FROM User WHERE username = 'kim')")
    .pluck()
    .all() as string[];
  assert.ok(ids.length > 50);

  for (const path of ["/presets", "/", ...ids.slice(0, 10).map((id) => `/?preset=${id}`)]) {
    const { $ } = await kim.get(path);
    const elements = $("main").find("script, iframe, object, embed, base, style, img, math");
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

test("the icon of its preset stands beside a conversation in the sidebar and in the list, while it may be used", async () => {
  const iris = await app.signedIn("iris");
  const preset = await made(iris, "Guide");
  const path = await iris.ask("Hello?", { preset });
  await iris.settled(path);
  const icons = async () => {
    const page = await iris.get("/conversations");
    return [`.sidebar__link[href='${path}']`, `li:has(> .listing__link[href='${path}'])`].map(
      (place) => page.$(`${place} use[href$='#graduation-cap']`).length,
    );
  };
  assert.deepEqual(await icons(), [1, 1]);
  await iris.post(`/presets/${preset}`, { _method: "DELETE" });
  assert.deepEqual(await icons(), [0, 0]);
});
