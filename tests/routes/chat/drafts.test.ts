import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../support/app.js";
import type { Page, Visitor } from "../../support/visitor.js";

const app = await startApp({ PROMPT_MAX_CHARACTERS: "1000" });
const ada = await app.signedIn("ada");
const bob = await app.signedIn("bob");

interface Saved {
  version: string;
  replaced: string | null;
}

/** Saves a text as the composer's script does, over what its page had. */
async function save(visitor: Visitor, prompt: string, fields: Record<string, string> = {}) {
  const page = await visitor.post("/drafts", { prompt, ...fields });
  assert.equal(page.status, 200, page.html);
  return JSON.parse(page.html) as Saved;
}

function idOf(path: string): string {
  return path.split("/").at(-1) ?? "";
}

/** What the box of a page holds, and which version of it. */
function box(page: Page): [string | undefined, string | undefined] {
  return [page.field("prompt")?.replace(/^\n/, ""), page.field("draft")];
}

function rows(): unknown {
  return app.database.prepare("SELECT count(*) FROM Draft").pluck().get();
}

test("what was typed is in the box of its conversation, and of no other, on any device", async () => {
  const path = await ada.ask("Begun");
  await ada.settled(path);
  const here = await save(ada, "Half a reply\n\nand more", { conversation: idOf(path) });
  const blank = await save(ada, "Half a question");
  const phone = app.visitor();
  await phone.logIn("ada", "a plain test passphrase");

  assert.deepEqual(box(await phone.get(path)), ["Half a reply\n\nand more", here.version]);
  assert.deepEqual(box(await phone.get("/")), ["Half a question", blank.version]);
  assert.deepEqual(box(await bob.get("/")), ["", ""]);
  const kept = await phone.get(`/drafts?conversation=${idOf(path)}`);
  assert.deepEqual(JSON.parse(kept.html), {
    text: "Half a reply\n\nand more",
    version: here.version,
  });
});

test("the list marks where something was typed, but for the conversation that is open", async () => {
  const eve = await app.signedIn("eve");
  const path = await eve.ask("With a draft");
  await eve.settled(path);
  await save(eve, "Later", { conversation: idOf(path) });

  assert.equal((await eve.get("/")).words(".sidebar__link"), "With a draft, Draft");
  assert.equal((await eve.get(path)).words(".sidebar__link"), "With a draft");
  assert.equal((await eve.get("/conversations")).words(".listing__item .badge"), "Draft");
});

test("what is sent is kept no longer, and neither is what is emptied", async () => {
  const fay = await app.signedIn("fay");
  const before = rows();
  const first = await save(fay, "What is th");
  const path = await fay.ask("What is this?", { draft: first.version });
  await fay.settled(path);
  assert.deepEqual(box(await fay.get("/")), ["", ""]);

  await save(fay, "And th", { conversation: idOf(path) });
  await save(fay, " \n", { conversation: idOf(path) });
  assert.deepEqual(box(await fay.get(path)), ["", ""]);
  assert.equal(rows(), before);
});

test("a text that was sent before its last words were saved leaves nothing behind", async () => {
  const gus = await app.signedIn("gus");
  await save(gus, "How lon");
  await gus.settled(await gus.ask("How long?"));
  assert.deepEqual(box(await gus.get("/")), ["", ""]);
});

test("a starter, or what is sent from elsewhere, leaves what was typed alone", async () => {
  const hal = await app.signedIn("hal");
  const { version } = await save(hal, "My own thought");
  const home = await hal.get("/");
  const starter = String(home.$("[name=starter]").first().attr("value"));
  const sent = await hal.post("/chat", { starter });
  await hal.settled(String(sent.location));
  await hal.settled(await hal.ask("Something else", { draft: "an older version" }));

  assert.deepEqual(box(await hal.get("/")), ["My own thought", version]);
});

test("of two devices the newer text stays, and who has not seen the other is told it", async () => {
  const first = await save(ada, "From the desk", { draft: "" });
  const phone = await save(ada, "From the phone", { draft: first.version });
  assert.equal(phone.replaced, null);

  const desk = await save(ada, "From the desk, on", { draft: first.version });
  assert.equal(desk.replaced, "From the phone");
  assert.deepEqual(box(await ada.get("/")), ["From the desk, on", desk.version]);
  assert.equal((await save(ada, "From the desk, on and on")).replaced, null);
  await save(ada, "");
});

test("a conversation keeps its draft in the trash, and takes it along when it goes for good", async () => {
  const path = await ada.ask("To and fro");
  await ada.settled(path);
  const { version } = await save(ada, "Kept", { conversation: idOf(path) });
  await ada.post(path, { _method: "DELETE" });
  assert.equal((await ada.post("/drafts", { prompt: "x", conversation: idOf(path) })).status, 404);

  await ada.post(`/trash/${idOf(path)}/restoration`);
  assert.deepEqual(box(await ada.get(path)), ["Kept", version]);
  await ada.post(path, { _method: "DELETE" });
  const before = Number(rows());
  await ada.post(`/trash/${idOf(path)}`, { _method: "DELETE" });
  assert.equal(rows(), before - 1);
});

test("nobody's draft is read or written by somebody else", async () => {
  const path = await ada.ask("Ada's secret");
  await ada.settled(path);
  const { version } = await save(ada, "Ada's words", { conversation: idOf(path) });

  for (const conversation of [idOf(path), "AAAAAAAAAAAAAAAAAAAAAA", "x".repeat(100)]) {
    const refused = await bob.post("/drafts", { prompt: "Bob's", conversation, draft: version });
    assert.equal(refused.status, 404);
    const page = await bob.get(`/drafts?conversation=${conversation}`);
    assert.deepEqual(JSON.parse(page.html), { text: "", version: "" });
  }
  const userId = app.database.prepare("SELECT id FROM User WHERE username = 'ada'").pluck().get();
  await save(ada, "For a new one");
  assert.equal(
    (await bob.post("/drafts", { prompt: "x", conversation: String(userId) })).status,
    404,
  );
  assert.deepEqual(JSON.parse((await bob.get(`/drafts?conversation=${userId}`)).html).text, "");
  assert.deepEqual(box(await ada.get(path)), ["Ada's words", version]);
});

for (const [what, prompt] of [
  ["too long", "x".repeat(1001)],
  ["with a NUL", "a\0b"],
] as const) {
  test(`a text ${what} is refused in words, and what was kept stays`, async () => {
    await save(ada, "Kept before");
    const refused = await ada.post("/drafts", { prompt }, { Accept: "application/json" });
    assert.equal(refused.status, 422);
    assert.match(refused.html, /1,000 is the most|NUL character/);
    assert.equal(box(await ada.get("/"))[0], "Kept before");
    await save(ada, "");
  });
}

test("what was refused, or typed when a session had ended, stands before what was kept", async () => {
  const ida = await app.signedIn("ida");
  await save(ida, "Kept");
  const refused = await ida.post("/chat", { prompt: "x".repeat(1001) });
  assert.equal(refused.field("prompt")?.trim().length, 1001);
  assert.equal(refused.$("message-composer[kept]").length, 0);

  const author = String((await ida.get("/")).field("author"));
  const login = { prompt: "Typed when it had ended", author };
  const again = app.visitor();
  await again.post("/login", { username: "ida", password: "a plain test passphrase", ...login });
  const home = await again.get("/");
  assert.equal(box(home)[0], "Typed when it had ended");
  assert.equal(home.$("message-composer[kept]").length, 0);
});
