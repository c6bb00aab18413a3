import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../support/app.js";

const app = await startApp();
const { seed } = await import("../../prisma/seed.js");

function rows(): unknown {
  return app.database
    .prepare("SELECT (SELECT count(*) FROM User), (SELECT count(*) FROM Message)")
    .raw()
    .get();
}

test("seeding makes people and conversations, and tells how to log in", async (context) => {
  const log = context.mock.method(console, "log", () => {});
  await seed();
  const told = log.mock.calls.map((call) => call.arguments.join(" ")).join("\n");
  const [, username = "", password = ""] = /^\s+(\w+) \/ (.+)$/m.exec(told) ?? [];
  const page = await app.visitor().logIn(username, password);

  assert.equal(page.status, 303);
});

test("seeding again changes nothing", async (context) => {
  context.mock.method(console, "log", () => {});
  const before = rows();
  await seed();
  assert.deepEqual(rows(), before);
});

test("sample people are no administrators: the first to register still is", async () => {
  await app.signedIn("the real first");
  const rows = app.database.prepare("SELECT username FROM User WHERE administrator").pluck().all();
  assert.deepEqual(rows, ["the real first"]);
});

test("beside other people nobody is seeded, since the passwords are known", async () => {
  await assert.rejects(seed(), /known passwords/);
});
