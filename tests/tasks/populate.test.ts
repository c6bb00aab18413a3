import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import Database from "better-sqlite3";
import { built, root } from "../support/root.js";
import { startServer } from "../support/server.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "aifacade-populate-"));
const file = path.join(folder, "crowd.db");
const settings = { DATABASE_URL: `file:${file}`, BCRYPT_COST: "10" };
after(() => rmSync(folder, { recursive: true, force: true }));

function populate(...options: string[]): Promise<{ code: number; text: string }> {
  const line = [...built("src/tasks/run"), "populate", ...options];
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...settings };

  return new Promise((resolve) => {
    execFile(process.execPath, line, { cwd: root, env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), text: stdout + stderr }),
    );
  });
}

const SIZES = [
  "--people",
  "20",
  "--conversations",
  "100",
  "--messages",
  "2000",
  "--longest",
  "300",
];

test("a crowd is made as large as it was asked for, and says how to log in", async () => {
  const { code, text } = await populate(...SIZES);
  assert.equal(code, 0, text);
  assert.match(text, /Log in as crowd-0001 to crowd-0020; the password is: a crowd/);

  const database = new Database(file, { readonly: true });
  const count = (sql: string) => database.prepare(`SELECT count(*) FROM ${sql}`).pluck().get();
  assert.deepEqual([count("User"), count("Conversation"), count("Message")], [20, 100, 2000]);
  assert.equal(count("Message WHERE role = 'question' AND sendDigest IS NULL"), 0);
  assert.deepEqual([count("Search"), count("SearchQueue")], [2000, 0]);
  assert.deepEqual(database.pragma("foreign_key_check"), []);
  assert.deepEqual(database.pragma("integrity_check", { simple: true }), "ok");
  database.close();
});

test("its people log in and read what they have talked", async () => {
  const server = await startServer(settings);
  const visitor = server.visitor();
  assert.equal((await visitor.logIn("crowd-0001", "a crowd of sample people")).status, 303);

  const [first] = (await visitor.get("/conversations")).$(".sidebar__link").toArray();
  const page = await visitor.get(String(first?.attribs.href));
  assert.equal(page.status, 200);
  assert.ok(page.$(".message--answer").length > 0);
  await server.end("SIGTERM");
});

test("beside other people no crowd is made, since its password is known", async () => {
  const database = new Database(file);
  database.exec(
    "UPDATE User SET username = 'ada', usernameKey = 'ada' WHERE username = 'crowd-0020'",
  );
  database.close();

  const { code, text } = await populate(...SIZES);
  assert.equal(code, 1);
  assert.match(text, /without other people/);
});

test("sizes that contradict each other are refused in words", async () => {
  const { code, text } = await populate(
    "--people",
    "5",
    "--conversations",
    "50",
    "--messages",
    "60",
  );
  assert.equal(code, 1);
  assert.match(text, /need at least 2,680 messages/);
  assert.match((await populate("--people", "none")).text, /whole number above 0/);
});
