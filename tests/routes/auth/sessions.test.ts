import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD, startApp } from "../../support/app.js";
import type { Visitor } from "../../support/visitor.js";

const app = await startApp();
await app.signedIn("ada");
await app.signedIn("grace");

function sessionRows(): number {
  const row = app.database.prepare("SELECT count(*) AS n FROM Session").get() as { n: number };
  return row.n;
}

function suspend(username: string, at: string | null) {
  app.database.prepare("UPDATE User SET suspendedAt = ? WHERE username = ?").run(at, username);
}

async function loggedIn(username: string): Promise<Visitor> {
  const visitor = app.visitor();
  assert.equal((await visitor.logIn(username, PASSWORD)).status, 303);
  return visitor;
}

// A page whose session ends while somebody types, sent off: what comes back is the login form.
async function sentTooLate(visitor: Visitor, path: string, prompt: string, more = {}) {
  const page = await visitor.get(path);
  const names = ["key", "conversation", "parent", "author"];
  const fields = Object.fromEntries(names.map((name) => [name, page.field(name) ?? ""]));

  app.database.prepare("DELETE FROM Session").run();
  return visitor.post("/chat", { ...fields, prompt, ...more });
}

function hidden(page: { field(name: string): string | undefined }) {
  const names = ["next", "prompt", "conversation", "author"];
  return Object.fromEntries(names.map((name) => [name, page.field(name) ?? ""]));
}

test("logging in says so, and leads to the chat", async () => {
  const visitor = app.visitor();
  const page = await visitor.logIn("ada", PASSWORD);
  const chat = await visitor.follow(page);

  assert.equal(page.location, "/");
  assert.equal(chat.words(".flash p"), "Logged in successfully");
  assert.match(chat.words(".greeting"), /ada/);
});

test("the message is said once", async () => {
  const visitor = await loggedIn("ada");
  await visitor.get("/");
  assert.equal((await visitor.get("/")).$(".flash").length, 0);
});

test("the case of a name does not matter, nor spaces around it; those of a password do", async () => {
  assert.equal((await app.visitor().logIn(" ADA ", PASSWORD)).status, 303);
  assert.equal((await app.visitor().logIn("ada", ` ${PASSWORD}`)).status, 401);
  assert.equal((await app.visitor().logIn("ada", PASSWORD.toUpperCase())).status, 401);
});

test("a wrong name, a wrong password and a suspended person get the same page", async () => {
  suspend("grace", new Date().toISOString());
  const attempts = [
    await app.visitor().logIn("ada", "not her passphrase"),
    await app.visitor().logIn("bob", "not her passphrase"),
    await app.visitor().logIn("grace", PASSWORD),
  ];
  suspend("grace", null);

  const pages = attempts.map((page) => page.html.replace(/value="(ada|bob|grace)"/, ""));
  assert.deepEqual(new Set(attempts.map((page) => page.status)), new Set([401]));
  assert.equal(attempts[0]?.words("[role=alert]"), "Invalid username or password");
  assert.equal(new Set(pages).size, 1);
  assert.equal(attempts[0]?.field("username"), "ada");
});

test("a wrong name takes as long as a wrong password", async () => {
  const times: Record<string, number[]> = { ada: [], nobody: [] };
  const attempt = async (username: string) => {
    const begun = performance.now();
    await app.visitor().logIn(username, "not the passphrase");
    times[username]?.push(performance.now() - begun);
  };
  for (let round = 0; round < 30; round += 1) {
    await attempt("ada");
    await attempt("nobody");
  }

  const [known, unknown] = [median(times.ada ?? []), median(times.nobody ?? [])];
  const ratio = Math.max(known, unknown) / Math.min(known, unknown);
  assert.ok(ratio < 1.5, `${known.toFixed(1)} ms and ${unknown.toFixed(1)} ms`);
});

for (const [what, fields] of [
  ["no field at all", {}],
  ["an empty password", { username: "ada", password: "" }],
  ["an empty name", { username: "", password: PASSWORD }],
  ["a name of spaces", { username: "   ", password: PASSWORD }],
  ["a very long name", { username: "a".repeat(100_000), password: PASSWORD }],
  ["a very long password", { username: "ada", password: "a".repeat(100_000) }],
  ["a name with a NUL", { username: "ada\0", password: PASSWORD }],
  ["an operator of the database", { "username[contains]": "a", password: PASSWORD }],
] as const) {
  test(`${what} is an invalid login, not an error`, async () => {
    const page = await app.visitor().post("/login", fields);
    assert.equal(page.status, 401);
    assert.equal(page.words("[role=alert]"), "Invalid username or password");
  });
}

test("name and password in the address log nobody in", async () => {
  const query = new URLSearchParams({ username: "ada", password: PASSWORD });
  const page = await app.visitor().post(`/login?${query}`, { username: "", password: "" });
  assert.equal(page.status, 401);
});

test("whoever asked for a page gets there after logging in", async () => {
  const visitor = app.visitor();
  const login = await visitor.follow(await visitor.get("/conversations?page=1"));
  const page = await visitor.submit("/login", {
    username: "ada",
    password: PASSWORD,
    next: login.field("next") ?? "",
  });

  assert.equal(login.field("next"), "/conversations?page=1");
  assert.equal(page.words("h1"), "Conversations");
});

for (const next of [
  "//evil.example",
  "/\\evil.example",
  "/..//evil.example",
  "https:evil.example",
  "javascript:alert(1)",
  "/\r\nSet-Cookie: a=b",
  "%2f%2fevil.example",
]) {
  test(`after logging in nobody is led to ${JSON.stringify(next)}`, async () => {
    const form = await app.visitor().get(`/login?next=${encodeURIComponent(next)}`);
    const page = await app.visitor().post("/login", { username: "ada", password: PASSWORD, next });

    assert.equal(form.field("next"), "/");
    assert.equal(page.location, "/");
  });
}

test("the form helps password managers", async () => {
  const page = await app.visitor().get("/login");
  assert.equal(page.$("[name=username]").attr("autocomplete"), "username");
  assert.equal(page.$("[name=password]").attr("autocomplete"), "current-password");
  assert.equal(page.$("[onpaste]").length, 0);
});

test("the login form of visitors leaves no row behind, however often it is asked for", async () => {
  const before = sessionRows();
  for (let count = 0; count < 100; count += 1) await app.visitor().get("/login");
  assert.equal(sessionRows(), before);
});

test("logging in gives a new session; the id of the one before it is dead", async () => {
  const visitor = await loggedIn("ada");
  const old = String(visitor.cookies.get("aifacade"));
  await visitor.post("/logout");
  await visitor.logIn("ada", PASSWORD);
  const replayed = app.visitor();
  replayed.cookies.set("aifacade", old);

  assert.notEqual(visitor.cookies.get("aifacade"), old);
  assert.equal((await replayed.get("/account")).status, 303);
});

test("an id that somebody chose is never taken over", async () => {
  const visitor = app.visitor();
  visitor.cookies.set("aifacade", "s%3Achosen.c2lnbmF0dXJl");
  await visitor.logIn("ada", PASSWORD);

  assert.doesNotMatch(String(visitor.cookies.get("aifacade")), /chosen/);
  assert.equal((await visitor.get("/account")).status, 200);
});

test("in one browser, two people each see their own conversations only", async () => {
  const browser = app.visitor();
  await browser.register("first", PASSWORD);
  await browser.talk("What only the first one asked");
  await browser.post("/logout");
  await browser.register("second", PASSWORD);
  const path = await browser.ask("What only the second one asked");
  await browser.settled(path);
  const second = await browser.get("/");
  await browser.post("/logout");
  await browser.logIn("first", PASSWORD);
  const first = await browser.get("/");

  assert.deepEqual(first.all(".sidebar__list li"), ["What only the first one asked"]);
  assert.deepEqual(second.all(".sidebar__list li"), ["What only the second one asked"]);
  assert.equal((await browser.get(path)).status, 404);
});

test("a question sent after the session had ended comes back to its author", async () => {
  const visitor = await loggedIn("ada");
  const text = '  A long thought\n\n<with> "marks" & more  ';
  const login = await sentTooLate(visitor, "/", text);
  const chat = await visitor.submit("/login", {
    username: "ada",
    password: PASSWORD,
    ...hidden(login),
  });

  assert.equal(login.status, 401);
  assert.match(login.words(".notice"), /What you typed is kept/);
  assert.equal(login.field("prompt"), text);
  assert.equal(chat.field("prompt"), text);
  assert.match(chat.words(".flash"), /Your text is back/);
});

test("it comes back in the conversation it was meant for", async () => {
  const visitor = await loggedIn("ada");
  const path = await visitor.ask("Shall we begin?");
  await visitor.settled(path);
  const login = await sentTooLate(visitor, path, "And then?");
  const fields = { username: "ada", password: PASSWORD, ...hidden(login) };
  const page = await visitor.post("/login", fields);

  assert.equal(page.location, path);
  assert.equal((await visitor.get(path)).field("prompt"), "And then?");
  assert.equal((await visitor.get("/")).field("prompt"), "");
});

test("it comes back in a new conversation when its own is gone meanwhile", async () => {
  const visitor = await loggedIn("ada");
  const path = await visitor.ask("A conversation to be deleted");
  await visitor.settled(path);
  const login = await sentTooLate(visitor, path, "Too late for this one");
  app.database.prepare("DELETE FROM Conversation WHERE id = ?").run(path.split("/").at(-1));
  const fields = { username: "ada", password: PASSWORD, ...hidden(login) };
  const page = await visitor.submit("/login", fields);

  assert.equal(page.field("prompt"), "Too late for this one");
});

test("it comes back, too, when somebody logged in meanwhile in another tab", async () => {
  const visitor = await loggedIn("ada");
  const login = await sentTooLate(visitor, "/", "Typed in the first tab");
  await visitor.logIn("ada", PASSWORD);
  const fields = { username: "ada", password: PASSWORD, ...hidden(login) };
  const page = await visitor.submit("/login", fields);

  assert.equal(page.field("prompt"), "Typed in the first tab");
});

test("what its new conversation was to be asked with comes back with it", async () => {
  const visitor = await loggedIn("ada");
  const chosen = { temperature: "0.5", systemPrompt: "Be brief.\nBe kind." };
  const login = await sentTooLate(visitor, "/", "Not yet sent", chosen);
  const names = Object.keys(chosen);
  const carried = Object.fromEntries(names.map((name) => [name, login.field(name) ?? ""]));
  const fields = { username: "ada", password: PASSWORD, ...hidden(login), ...carried };
  const page = await visitor.submit("/login", fields);

  assert.deepEqual(carried, chosen);
  assert.deepEqual(
    names.map((name) => page.$(`main [name=${name}]`).val()),
    Object.values(chosen),
  );
  await visitor.talk("Sent at last");
  assert.equal((await visitor.get("/")).$("[name=temperature]").val(), "");
});

test("once it has been sent it is gone from the composer", async () => {
  const visitor = await loggedIn("ada");
  const login = await sentTooLate(visitor, "/", "Sent in the end");
  await visitor.post("/login", { username: "ada", password: PASSWORD, ...hidden(login) });
  await visitor.talk("Sent in the end");

  assert.equal((await visitor.get("/")).field("prompt"), "");
});

test("somebody else who logs in there does not get the text", async () => {
  const visitor = await loggedIn("ada");
  const login = await sentTooLate(visitor, "/", "A secret of ada's");
  const fields = { username: "grace", password: PASSWORD, ...hidden(login) };
  const chat = await visitor.submit("/login", fields);

  assert.doesNotMatch(chat.html, /secret of ada/);
  assert.equal(chat.words(".flash p"), "Logged in successfully");
});

test("a form without its author's mark gives the text to nobody", async () => {
  const visitor = app.visitor();
  const login = await visitor.post("/chat", { prompt: "Planted by another site" });
  const fields = { username: "ada", password: PASSWORD, ...hidden(login) };
  const chat = await visitor.submit("/login", fields);
  assert.equal(chat.field("prompt"), "");
});

test("a wrong password on the way does not lose the text", async () => {
  const visitor = await loggedIn("ada");
  const login = await sentTooLate(visitor, "/", "Still here");
  const again = await visitor.post("/login", {
    username: "ada",
    password: "wrong",
    ...hidden(login),
  });
  assert.deepEqual(hidden(again), hidden(login));
});

function median(times: number[]): number {
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}
