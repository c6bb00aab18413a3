import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD, startApp } from "../support/app.js";
import { share } from "../support/sharing.js";
import type { Page } from "../support/visitor.js";

const app = await startApp({
  RATE_LIMITS: "on",
  TRUST_PROXY: "1",
  LIMIT_REGISTRATIONS_PER_HOUR: "4",
  LIMIT_LOGINS_PER_15_MINUTES: "12",
  LIMIT_FAILED_LOGINS: "3",
  LIMIT_QUESTIONS_PER_MINUTE: "3",
  LIMIT_QUESTIONS_PER_HOUR: "5",
  LIMIT_SEARCHES_PER_MINUTE: "3",
});

let lastAddress = 0;

// Our proxy adds the address that it saw to whatever the client wrote there before.
function from(address: string, forged = ""): Record<string, string> {
  return { "X-Forwarded-For": forged ? `${forged}, ${address}` : address };
}

function elsewhere(): Record<string, string> {
  lastAddress += 1;
  return from(`198.51.100.${lastAddress}`);
}

async function registered(username: string) {
  const visitor = app.visitor();
  const fields = { username, password: PASSWORD, setupToken: await app.setupToken() };
  const page = await visitor.post("/register", fields, elsewhere());
  assert.equal(page.status, 303);
  return visitor;
}

function assertTooMany(page: Page, sentence: RegExp) {
  assert.equal(page.status, 429);
  assert.match(page.words("[role=alert]"), sentence);
  assert.match(page.headers.get("retry-after") ?? "", /^[1-9]\d*$/);
}

async function wrong(username: string, headers = elsewhere()): Promise<Page> {
  return app.visitor().post("/login", { username, password: "not the passphrase" }, headers);
}

const ada = await registered("ada");

test("from one address only so many accounts are registered; the name stays in the form", async () => {
  const here = from("203.0.113.1");
  const visitor = app.visitor();
  for (let count = 0; count < 4; count += 1) {
    const fields = { username: `one of four ${count}`, password: PASSWORD };
    assert.equal((await app.visitor().post("/register", fields, here)).status, 303);
  }
  const page = await visitor.post("/register", { username: "zoe", password: PASSWORD }, here);

  assertTooMany(page, /too many registrations from your network\. Come back in 60 minutes\./);
  assert.equal(page.field("username"), "zoe");
  assert.doesNotMatch(page.html, new RegExp(PASSWORD));
});

test("refused attempts to register leave room for a good one, but are not without end", async () => {
  const here = from("203.0.113.9");
  for (let count = 0; count < 11; count += 1) {
    await app.visitor().post("/register", { username: "x", password: "y" }, here);
  }
  const fields = { username: "at last", password: PASSWORD };

  assert.equal((await app.visitor().post("/register", fields, here)).status, 303);
  assertTooMany(
    await app.visitor().post("/register", fields, here),
    /too many attempts to register/,
  );
});

test("what a client writes into X-Forwarded-For does not give it another address", async () => {
  const pages = [];
  for (let count = 0; count < 13; count += 1) {
    const headers = from("203.0.113.2", `192.0.2.${count}`);
    pages.push(await wrong(`nobody ${count}`, headers));
  }
  const statuses = pages.map((page) => page.status);

  assert.deepEqual(statuses, [...Array(12).fill(401), 429]);
  assertTooMany(pages.at(-1) as Page, /too many attempts to log in from your network/);
});

test("what was typed before the session ended outlives the limit", async () => {
  const fields = { username: "ada", password: "x", prompt: "Half a thought", author: "mark" };
  const page = await app.visitor().post("/login", fields, from("203.0.113.2"));

  assert.equal(page.status, 429);
  assert.equal(page.field("prompt"), "Half a thought");
  assert.equal(page.field("username"), "ada");
});

test("addresses of one IPv6 network are one", async () => {
  const pages = [];
  for (let count = 0; count < 13; count += 1) {
    pages.push(await wrong(`somebody ${count}`, from(`2001:db8:0:1:${count}::1`)));
  }
  assert.equal(pages.at(-1)?.status, 429);
  assert.equal((await wrong("somebody", from("2001:db8:ff00:1::1"))).status, 401);
});

test("an IPv4 address in IPv6 spelling is the same address", async () => {
  const page = await wrong("anybody", from("::ffff:203.0.113.2"));
  assert.equal(page.status, 429);
});

test("wrong passwords from many networks slow the account down, longer each time", async () => {
  await registered("bob");
  const pages = [];
  for (let count = 0; count < 10; count += 1) pages.push(await wrong("bob"));

  assert.deepEqual(pages.map((page) => page.status).slice(0, 4), [401, 401, 401, 429]);
  assertTooMany(pages[3] as Page, /too many wrong passwords for this name\. Try again in 1 second/);
});

test("a name that nobody has is slowed down alike", async () => {
  const pages = [];
  for (let count = 0; count < 4; count += 1) pages.push(await wrong("unknown"));
  assert.deepEqual(
    pages.map((page) => page.status),
    [401, 401, 401, 429],
  );
});

test("neither another spelling of the name nor many guesses at once slip past", async () => {
  await registered("carol");
  const names = ["carol", "CAROL", " carol ", "Carol", "ｃａｒｏｌ", "carol", "carol", "carol"];
  const pages = await Promise.all(names.map((username) => wrong(username)));

  assert.equal(pages.filter((page) => page.status === 401).length, 3);
});

test("the owner still gets in with a browser that logged in before, and nobody else does", async () => {
  const dora = await registered("dora");
  await dora.post("/logout", {}, elsewhere());
  for (let count = 0; count < 6; count += 1) await wrong("dora");
  const fields = { username: "dora", password: PASSWORD };
  const stranger = await app.visitor().post("/login", fields, elsewhere());
  const owner = await dora.post("/login", fields, elsewhere());

  assert.equal(stranger.status, 429);
  assert.equal(owner.status, 303);
});

test("that browser is slowed down by its own failures", async () => {
  const eve = await registered("eve");
  await eve.post("/logout", {}, elsewhere());
  const fields = { username: "eve", password: "not the passphrase" };
  const statuses = [];
  for (let count = 0; count < 4; count += 1) {
    statuses.push((await eve.post("/login", fields, elsewhere())).status);
  }

  assert.deepEqual(statuses, [401, 401, 401, 429]);
});

test("somebody else's known browser is a stranger's for this account", async () => {
  const frank = await registered("frank");
  await frank.post("/logout", {}, elsewhere());
  for (let count = 0; count < 4; count += 1) await wrong("ada");
  const fields = { username: "ada", password: PASSWORD };

  assert.equal((await frank.post("/login", fields, elsewhere())).status, 429);
});

test("success wipes the slate", async () => {
  await registered("grace");
  for (let round = 0; round < 2; round += 1) {
    await wrong("grace");
    await wrong("grace");
    const fields = { username: "grace", password: PASSWORD };
    assert.equal((await app.visitor().post("/login", fields, elsewhere())).status, 303);
  }
});

test("guessing the current password is slowed down, too; strangers' guesses do not count", async () => {
  const fields = { current: "not the passphrase", password: "a freshly chosen one" };
  const statuses = [];
  for (let count = 0; count < 4; count += 1) {
    statuses.push((await ada.post("/account/password", fields, elsewhere())).status);
  }
  assert.deepEqual(statuses, [422, 422, 422, 429]);
});

test("guessing the password of a link is slowed down, from one network and from many", async () => {
  const helen = await registered("helen");
  const path = await helen.ask("Secret?");
  await helen.settled(path);
  const { link } = await share(helen, path, (fields) =>
    fields.set("password", "not to be guessed"),
  );
  const open = (password: string, headers = elsewhere()) =>
    app.visitor().post(link, { password }, headers);

  const statuses = [];
  for (let count = 0; count < 3; count += 1) statuses.push((await open("a guess")).status);
  const slowed = await open("not to be guessed");
  assert.deepEqual(statuses, [401, 401, 401]);
  assert.equal(slowed.status, 429);
  assert.match(
    slowed.words("main"),
    /too many wrong passwords for this link\. Try again in 1 second/,
  );

  const here = from("203.0.113.77");
  const unknown = Array.from({ length: 13 }, (_, index) =>
    app.visitor().post(`/s/unknown-${index}`, { password: "a guess" }, here),
  );
  const refused = (await Promise.all(unknown)).filter(({ status }) => status === 429);
  assert.equal(refused.length, 1);
  assert.match(refused[0]?.words("main") ?? "", /too many wrong passwords from your network/);
});

test("so many questions a minute, then the page says when to come back, and keeps the text", async () => {
  for (const prompt of ["One?", "Two?", "Three?"]) await ada.talk(prompt);
  const page = await ada.post("/chat", { prompt: "Four?\n  It stays." });

  assert.equal(page.status, 429);
  assert.match(
    page.words(".field__error"),
    /3 questions in a minute.* Come back in \d+ seconds?\./,
  );
  assert.match(page.headers.get("retry-after") ?? "", /^[1-9]\d?$/);
  assert.equal(page.field("prompt"), "Four?\n  It stays.");
});

test("regenerating counts as a question", async () => {
  const path = String((await ada.get("/")).$(".sidebar__link").attr("href"));
  const [answer] = (await ada.get(path)).$(".message--answer").toArray();
  const id = String(answer?.attribs.id).replace("message-", "");
  assert.equal((await ada.post(`/messages/${id}/generations`)).status, 429);
});

test("so many searches a minute, typed or sent; the page says so, and keeps the words", async () => {
  for (const path of ["/search", "/search?q=one", "/search/results?q=two"])
    assert.equal((await ada.get(path)).status, 200);
  const page = await ada.get("/search?q=to+be+kept&from=2026-01-01");

  assertTooMany(page, /You may search 3 times in a minute, and that is reached\. Come back in/);
  assert.equal(page.$("main [name=q]").attr("value"), "to be kept");
  assert.equal(page.field("from"), "2026-01-01");
  assertTooMany(await ada.get("/search/results?q=three"), /You may search 3 times/);
});

test("one person's limit is not another's, even at the same address", async () => {
  const heidi = await registered("heidi");
  await heidi.talk("May I?");
});

test("reading is not limited", async () => {
  for (let count = 0; count < 40; count += 1) assert.equal((await ada.get("/")).status, 200);
});
