import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD, startApp } from "../../support/app.js";
import * as scenario from "../../support/fake-deepseek.js";
import { share } from "../../support/sharing.js";
import { takeAll } from "../../support/uploads.js";
import type { Page, Visitor } from "../../support/visitor.js";

const app = await startApp();
const ada = await app.signedIn("ada");
const bob = await app.signedIn("bob");
const idOf = (path: string) => String(path.split("/").at(-1));
const SECRET = "between you and me";

type Fields = Record<string, string>;

/** A link to two questions with their answers, of which those are chosen that are named. */
async function shared(conditions: Fields = {}, chosen = [0, 1, 2, 3]) {
  const path = await ada.ask("chaos:say One.");
  await ada.settled(path);
  await ada.talk("chaos:say Two.", { conversation: idOf(path) });
  const made = await share(ada, path, (fields) => {
    const ids = fields.getAll("ids");
    fields.delete("ids");
    for (const index of chosen) fields.append("ids", String(ids[index]));
    for (const [name, value] of Object.entries(conditions)) fields.set(name, value);
  });
  return { ...made, path };
}

const copyingOn = (page: Page) => String(page.$("a[href*='/copies/new']").attr("href"));

/** Presses the button of the page that offers to copy. */
async function copy(reader: Visitor, address: string): Promise<Page> {
  const page = await reader.get(address);
  assert.equal(page.words("main h1"), "Continue from here");
  const fields: Fields = {};
  const ticket = page.field("ticket");
  if (ticket) fields.ticket = ticket;
  return reader.post(String(page.$("main form.form").attr("action")), fields);
}

const textsOn = (page: Page) => page.all(".message__body");

test("a reader with an account goes on with it, in a conversation that is theirs alone", async () => {
  const { link, path } = await shared({ title: "For everybody" });
  const made = await copy(bob, copyingOn(await bob.get(link)));
  const opened = await bob.follow(made);

  assert.match(opened.words(".flash p"), /^Copied\./);
  assert.equal(opened.words("h1"), "For everybody");
  assert.deepEqual(textsOn(opened), ["chaos:say One.", "One.", "chaos:say Two.", "Two."]);

  const conversation = idOf(String(made.location));
  const further = await bob.talk("chaos:say Three.", {
    conversation,
    parent: String(opened.field("parent")),
  });
  assert.equal(textsOn(further).at(-1), "Three.");
  assert.deepEqual(
    app.fake.requests.at(-1)?.body.messages.map(({ content }: { content: string }) => content),
    ["chaos:say One.", "One.", "chaos:say Two.", "Two.", "chaos:say Three."],
  );
  assert.equal(textsOn(await ada.get(path)).length, 4);
  assert.equal((await app.visitor().get(link)).$(".message").length, 4);
  assert.equal((await ada.get(String(made.location))).status, 404);
});

test("a copy costs nobody anything again, and tells nothing that was not shared", async () => {
  app.fake.next(scenario.answer({ content: "Said.", reasoning: "Silently." }));
  const path = await ada.ask("Cost?");
  await ada.settled(path);
  const { link } = await share(ada, path);
  const { location } = await copy(bob, copyingOn(await bob.get(link)));
  const rows = app.database
    .prepare("SELECT * FROM Message WHERE conversationId = ? ORDER BY id")
    .all(idOf(String(location))) as Record<string, unknown>[];

  assert.equal(rows.length, 2);
  for (const row of rows) {
    assert.ok(Number(row.copiedFromId) > 0);
    assert.equal(row.reasoning, "");
    for (const column of ["promptTokens", "completionTokens", "model", "sendDigest", "runningIn"])
      assert.equal(row[column], null, column);
  }
});

test("who is not logged in does so, and comes back", async () => {
  const { link } = await shared();
  const reader = app.visitor();
  const address = copyingOn(await reader.get(link));
  const sent = await reader.get(address);
  assert.equal(sent.location, `/login?next=${encodeURIComponent(address)}`);

  const login = await reader.follow(sent);
  const fields = { username: "bob", password: PASSWORD, next: String(login.field("next")) };
  const back = await reader.follow(await reader.post("/login", fields));
  assert.equal(back.words("main h1"), "Continue from here");
});

test("whoever has opened it may copy it, also where that was its last view", async () => {
  const { link } = await shared({ views: "1", password: SECRET });
  const opened = await bob.post(link, { password: SECRET });
  assert.equal((await bob.get(link)).status, 410);

  const made = await copy(bob, copyingOn(opened));
  assert.equal(textsOn(await bob.follow(made)).length, 4);
});

test("whoever has not opened it is led to its door; a ticket is of one link, and for a while", async () => {
  const [{ link }, other] = [
    await shared({ password: SECRET }),
    await shared({ password: SECRET }),
  ];
  const foreign = new URL(copyingOn(await bob.post(other.link, { password: SECRET })), app.url);
  const ticket = String(foreign.searchParams.get("ticket"));
  const later = ticket.replace(/^\d+/, (until) => String(Number(until) + 1));

  for (const wrong of [
    "",
    "x",
    ".",
    "Infinity.x",
    later,
    ticket,
    `${Date.now() - 1}.${ticket.split(".")[1]}`,
  ]) {
    const asked = `?ticket=${encodeURIComponent(wrong)}`;
    assert.equal((await bob.get(`${link}/copies/new${asked}`)).location, link, wrong);
    assert.equal((await bob.post(`${link}/copies`, { ticket: wrong })).location, link, wrong);
  }
});

test("what has ended is not copied any more, ticket or not", async () => {
  const { link, own } = await shared({ password: SECRET });
  const address = copyingOn(await bob.post(link, { password: SECRET }));
  await ada.post(own, { _method: "DELETE" });

  assert.equal((await bob.get(address)).status, 410);
  assert.equal((await bob.post(`${link}/copies`)).status, 410);
  assert.equal((await bob.get("/s/unknown/copies/new")).status, 404);
  assert.equal((await bob.post("/s/unknown/copies")).status, 404);
});

test("a question at the end waits in the box below", async () => {
  const { link } = await shared({}, [0, 1, 2]);
  const opened = await bob.follow(await copy(bob, copyingOn(await bob.get(link))));
  assert.deepEqual(textsOn(opened), ["chaos:say One.", "One."]);
  assert.equal(opened.field("prompt"), "chaos:say Two.");

  const alone = await shared({}, [0]);
  const blank = await bob.follow(await copy(bob, copyingOn(await bob.get(alone.link))));
  assert.equal(blank.field("prompt"), "chaos:say One.");
  assert.equal(blank.$(".message").length, 0);
});

test("a question that was made of two keeps as many files as go with one, and names the rest", async () => {
  const ten = (word: string) =>
    Array.from({ length: 10 }, (_, number) => new File([`${word} ${number}`], `${word}.txt`));
  const asked = await ada.postFiles("/chat", { prompt: "chaos:say One." }, ten("one"));
  const path = String(asked.location);
  await ada.settled(path);
  const again = await ada.postFiles(
    "/chat",
    { prompt: "chaos:say Two.", conversation: idOf(path) },
    ten("two"),
  );
  assert.equal(again.status, 303);
  await ada.settled(path);
  const { link } = await share(ada, path, (fields) => {
    const [first, , ...rest] = fields.getAll("ids");
    fields.delete("ids");
    for (const id of [first, ...rest]) fields.append("ids", String(id));
    fields.set("files", "on");
  });

  const copied = await copy(bob, copyingOn(await bob.get(link)));
  const opened = await bob.follow(copied);
  assert.equal(opened.$(".message--question a.file").length, 10);
  assert.match(
    opened.words(".message--question .message__body"),
    /Two\. (\*\[File: two\.txt\]\* ?){10}$/,
  );
  const { html } = await bob.get(`${copied.location}/export.json`);
  const mary = await app.signedIn("mary");
  const { page } = await takeAll(mary, html);
  assert.match(page.words(".notice"), /^1 conversation is imported/);
  const list = await mary.get("/conversations");
  const conversation = await mary.get(String(list.$("a.listing__link").first().attr("href")));
  assert.equal(conversation.$(".message--question a.file").length, 10);
});

test("whatever was left out, the copy is questions and answers in turn", async () => {
  for (const [chosen, expected] of [
    [
      [1, 3],
      ["(This question was not shared.)", "One.Two."],
    ],
    [
      [0, 2, 3],
      ["chaos:say One. chaos:say Two.", "Two."],
    ],
    [
      [1, 2, 3],
      ["(This question was not shared.)", "One.", "chaos:say Two.", "Two."],
    ],
  ] as const) {
    const { link } = await shared({}, [...chosen]);
    const opened = await bob.follow(await copy(bob, copyingOn(await bob.get(link))));
    assert.deepEqual(textsOn(opened), [...expected]);
  }
});
