import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD, startApp } from "../support/app.js";
import type { Visitor } from "../support/visitor.js";

const app = await startApp({ SESSION_IDLE_DAYS: "2", SESSION_ABSOLUTE_DAYS: "10" });
const { sessionStore } = await import("../../src/stores/session-store.js");

const DAY_MS = 86_400_000;
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0";
const CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/141.0.0.0 Safari/537.36";
const EDGE = `${CHROME} Edg/141.0.0.0`;

interface Row {
  id: string;
  data: string;
  createdAt: string;
  expiresAt: string;
}

function rows(): Row[] {
  return app.database.prepare("SELECT * FROM Session").all() as Row[];
}

function age(column: "createdAt" | "expiresAt", days: number) {
  const at = new Date(Date.now() + days * DAY_MS).toISOString().replace("Z", "+00:00");
  app.database.prepare(`UPDATE Session SET ${column} = ?`).run(at);
}

async function isLoggedIn(visitor: Visitor): Promise<boolean> {
  return (await visitor.get("/account")).status === 200;
}

function forget() {
  app.database.prepare("DELETE FROM Session").run();
}

test("the cookie is out of reach for scripts and for other sites", async () => {
  const page = await app.visitor().register("ada", PASSWORD);
  const line = page.headers.getSetCookie().find((cookie) => cookie.startsWith("aifacade="));

  assert.match(
    line ?? "",
    /^aifacade=s%3A[\w-]{32}\.[^;]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
  );
});

test("no other cookie is readable for scripts, either, or has a well-known name", async () => {
  const page = await app.visitor().register("bob", PASSWORD);
  for (const line of page.headers.getSetCookie()) {
    assert.match(line, /^aifacade(-\w+)?=.*; Path=\/;.*HttpOnly; SameSite=Lax$/);
  }
});

test("the table holds a digest of the id: who reads it can open no session", async () => {
  forget();
  const carol = await app.signedIn("carol");
  const id = decodeURIComponent(String(carol.cookies.get("aifacade")))
    .slice(2)
    .split(".")[0];

  assert.equal(rows().length, 1);
  assert.doesNotMatch(JSON.stringify(rows()), new RegExp(String(id)));
});

test("a cookie that was tampered with is a stranger's, not an error", async () => {
  const dora = await app.signedIn("dora");
  const cookie = String(dora.cookies.get("aifacade"));

  for (const value of [cookie.slice(0, -3), `${cookie}x`, cookie.slice(4), "s%3A", "%", "j%3A{}"]) {
    const visitor = app.visitor();
    visitor.cookies.set("aifacade", value);
    assert.equal((await visitor.get("/account")).status, 303, value);
  }
});

test("whoever does not come back in time has to log in again", async () => {
  const eve = await app.signedIn("eve");
  age("expiresAt", -0.001);
  assert.equal(await isLoggedIn(eve), false);
});

test("coming back puts the end off", async () => {
  const frank = await app.signedIn("frank");
  age("expiresAt", 0.01);
  await frank.get("/");
  await sessionStore.writeTouched();

  const latest = Math.max(...rows().map((row) => Date.parse(row.expiresAt)));
  assert.ok(Math.abs(latest - Date.now() - 2 * DAY_MS) < 60_000);
});

test("but after so many days it is over, however often somebody came", async () => {
  const grace = await app.signedIn("grace");
  age("createdAt", -9.99);
  assert.equal(await isLoggedIn(grace), true);
  age("createdAt", -10.01);
  assert.equal(await isLoggedIn(grace), false);
});

test("a new version of the browser is the same browser", async () => {
  const heidi = await app.signedIn("heidi");
  heidi.userAgent = FIREFOX;
  assert.equal(await isLoggedIn(heidi), true);
});

for (const [what, userAgent] of [
  ["Chrome", CHROME],
  ["Edge, which also calls itself Chrome", EDGE],
  ["a tool", "curl/8.14.1"],
  ["nobody", ""],
] as const) {
  test(`a session that moves to ${what} ends, there and where it came from`, async () => {
    forget();
    const visitor = app.visitor();
    await visitor.register(`moved to ${what}`, PASSWORD);
    const thief = app.visitor();
    thief.userAgent = userAgent;
    for (const [name, value] of visitor.cookies) thief.cookies.set(name, value);

    assert.equal(await isLoggedIn(thief), false);
    assert.equal(await isLoggedIn(visitor), false);
    assert.equal(rows().length, 0);
  });
}

test("whoever changes browsers with their cookies can log in there, log out and register", async () => {
  for (const [path, status] of [
    ["/login", 303],
    ["/logout", 303],
    ["/register", 409],
  ] as const) {
    const visitor = app.visitor();
    await visitor.register(`mover ${path}`, PASSWORD);
    visitor.userAgent = CHROME;
    const page = await visitor.post(path, { username: `mover ${path}`, password: PASSWORD });
    assert.equal(page.status, status, path);
  }
});

test("a suspended person is out at once, in every browser", async () => {
  const ivan = await app.signedIn("ivan");
  const second = app.visitor();
  await second.logIn("ivan", PASSWORD);
  app.database.prepare("UPDATE User SET suspendedAt = ? WHERE username = 'ivan'").run("2026-01-01");

  assert.equal(await isLoggedIn(ivan), false);
  assert.equal(await isLoggedIn(second), false);
});

test("a person who was deleted is out at once", async () => {
  const judy = await app.signedIn("judy");
  app.database.prepare("DELETE FROM User WHERE username = 'judy'").run();
  assert.equal(await isLoggedIn(judy), false);
});

test("sessions that have ended by themselves are cleared away", async () => {
  const { prune } = await import("../../src/models/sign-ins.js");
  await app.signedIn("kim");
  age("expiresAt", -1);
  await prune();
  assert.equal(rows().length, 0);
});

test("visitors leave no session behind, whatever they do", async () => {
  forget();
  const visitor = app.visitor();
  for (const path of ["/", "/login", "/register", "/logout", "/nowhere"]) await visitor.get(path);
  await visitor.post("/theme", { theme: "dark" });
  await visitor.post("/chat", { prompt: "Hello?" });
  await visitor.logIn("nobody", "nothing");

  assert.equal(rows().length, 0);
  assert.equal(visitor.cookies.has("aifacade"), false);
});
