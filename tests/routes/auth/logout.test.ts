import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD, startApp } from "../../support/app.js";

const app = await startApp();

function sessionRows(): number {
  const row = app.database.prepare("SELECT count(*) AS n FROM Session").get() as { n: number };
  return row.n;
}

test("logging out deletes the session, says so, and clears what the browser kept", async () => {
  const ada = await app.signedIn("ada");
  const page = await ada.post("/logout");
  const login = await ada.follow(page);

  assert.equal(page.location, "/login");
  assert.equal(login.words(".flash p"), "You've been logged out");
  assert.equal(page.headers.get("clear-site-data"), '"cache"');
  assert.equal(ada.cookies.has("aifacade"), false);
  assert.equal(sessionRows(), 0);
});

test("the cookie is cleared with the attributes it was set with", async () => {
  const bob = await app.signedIn("bob");
  const [line = ""] = (await bob.post("/logout")).headers.getSetCookie();
  assert.match(line, /^aifacade=; Path=\/; Expires=Thu, 01 Jan 1970 .*; HttpOnly; SameSite=Lax$/);
});

test("a cookie from before logging out opens nothing", async () => {
  const carol = await app.signedIn("carol");
  const stolen = app.visitor();
  for (const [name, value] of carol.cookies) stolen.cookies.set(name, value);
  await carol.post("/logout");

  assert.equal((await stolen.get("/account")).location, "/login?next=%2Faccount");
});

test("logging out in one browser leaves the other logged in", async () => {
  const first = await app.signedIn("dora");
  const second = app.visitor();
  await second.logIn("dora", "a plain test passphrase");
  await first.post("/logout");

  assert.equal((await second.get("/account")).status, 200);
});

test("the address /logout shows a button, and logs nobody out by itself", async () => {
  const eve = await app.signedIn("eve");
  const page = await eve.get("/logout");

  assert.equal(page.$("main form[method=post][action='/logout'] button").length, 1);
  assert.equal((await eve.get("/account")).status, 200);
});

test("whoever is not logged in may log out, too", async () => {
  const visitor = app.visitor();
  assert.equal((await visitor.get("/logout")).status, 200);
  assert.equal((await visitor.post("/logout")).location, "/login");
});

test("another site cannot log anybody out", async () => {
  const frank = await app.signedIn("frank");
  const page = await frank.post("/logout", {}, { "Sec-Fetch-Site": "cross-site" });

  assert.equal(page.status, 403);
  assert.equal((await frank.get("/account")).status, 200);
});

test("logging out ends the stream of that session, and the answer goes on", async () => {
  const [visitor, elsewhere] = [await app.signedIn("two places"), app.visitor()];
  await elsewhere.logIn("two places", PASSWORD);
  const path = await visitor.ask("chaos:hold@2");
  const source = (await visitor.get(path)).$("message-stream").attr("src") ?? "";
  const events = visitor.events(source);
  await visitor.post("/logout");

  assert.ok((await events).every(({ event }) => event === "snapshot" || event === "progress"));
  assert.equal((await visitor.get(source, { Accept: "text/event-stream" })).status, 401);
  app.fake.release();
  assert.match((await elsewhere.settled(path)).words(".message--answer"), /the rest\./);
});
