import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import Database from "better-sqlite3";
import { PASSWORD } from "../support/app.js";
import { startFakeDeepSeek } from "../support/fake-deepseek.js";
import { launch, startServer } from "../support/server.js";
import { runTask } from "../support/task.js";

const fake = await startFakeDeepSeek();
const top = mkdtempSync(path.join(os.tmpdir(), "aifacade-"));
after(async () => {
  await fake.close();
  rmSync(top, { recursive: true, force: true });
});

const settings = (name: string) => ({
  DATABASE_URL: `file:${path.join(top, name, "aifacade.db")}`,
  DEEPSEEK_BASE_URL: fake.url,
});
const fileOf = (name: string) => path.join(top, name, "aifacade.db");

/** A data folder that was lived in and whose server was stopped, or killed. */
async function livedIn(name: string, end: NodeJS.Signals, question = "Remember me") {
  const server = await startServer(settings(name));
  const ada = server.visitor();
  await ada.register("ada", PASSWORD);
  await ada.talk(question);
  await server.end(end);
}

await livedIn("stopped", "SIGTERM");
await livedIn("killed", "SIGKILL");

function copyOf(from: string, to: string): string {
  cpSync(path.join(top, from), path.join(top, to), { recursive: true });
  return fileOf(to);
}

function bytesOf(name: string) {
  return ["aifacade.db", "aifacade.db-wal", "secrets.env"].map((each) => {
    const file = path.join(top, name, each);
    // Whoever opens a database to read makes a log without anything in it.
    const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
    return createHash("sha256").update(bytes).digest("hex");
  });
}

async function refused(name: string, words: RegExp) {
  const before = bytesOf(name);
  const server = launch(settings(name));

  assert.equal(await Promise.race([server.ended, pause(20_000)]), 78, server.output());
  assert.equal(server.said().length, 1, server.output());
  assert.match(server.output(), words);
  assert.match(server.output(), new RegExp(`^${fileOf(name)} cannot be used: `));
  assert.match(
    server.output(),
    /Nothing was changed\. .*task -- doctor.*task -- restore <archive>/,
  );
  assert.deepEqual(bytesOf(name), before);
}

const damages: [string, (file: string) => void, RegExp][] = [
  ["garbage", (file) => writeFileSync(file, "garbage ".repeat(5000)), /file is not a database/],
  ["no bytes at all", (file) => writeFileSync(file, ""), /it is empty \(0 bytes\)/],
  ["nothing but zeros", (file) => writeFileSync(file, Buffer.alloc(40_960)), /not a database/],
  ["its end cut off", (file) => truncateSync(file, 4096 * 6), /malformed/],
  ["half a page cut off", (file) => truncateSync(file, 4096 * 6 + 1000), /malformed/],
  [
    "flipped bytes in a page",
    (file) => flip(file, pageOf(file, "Message")),
    /SQLite says|malformed/,
  ],
  ["flipped bytes in its schema", (file) => flip(file, 1), /SQLite says|malformed|not a database/],
  ["a foreign application's tables", (file) => exchange(file), /SQLite says|not|malformed|newer/],
];

function pageOf(file: string, table: string): number {
  const database = new Database(file, { readonly: true });
  const page = database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = ?").pluck();
  const found = page.get(table) as number;
  database.close();
  return found;
}

function flip(file: string, page: number) {
  const bytes = readFileSync(file);
  for (let at = (page - 1) * 4096 + 100; at < page * 4096; at += 3) bytes[at] = ~(bytes[at] ?? 0);
  writeFileSync(file, bytes);
}

function exchange(file: string) {
  writeFileSync(file, `SQLite format 3\0${"x".repeat(8000)}`);
}

for (const [what, damage, words] of damages) {
  test(`F-50 a database that is ${what} is refused in one line, and left as it is`, async () => {
    damage(copyOf("stopped", what));
    await refused(what, words);
  });
}

test("a task says the same of a database that cannot be read", async () => {
  writeFileSync(copyOf("stopped", "task"), "garbage ".repeat(5000));
  const { code, output } = await runTask(settings("task"), "user", "list");
  assert.equal(code, 1);
  assert.match(output, /^\S+ cannot be used: file is not a database.*\n$/);
});

test("F-51 a log without its database is refused: it would be applied to a new one", async () => {
  const file = copyOf("killed", "alone");
  rmSync(file);
  await refused("alone", /it is missing, and its log .*aifacade\.db-wal is still there/);
});

test("F-51 another database's log beside one whose server died is refused", async () => {
  await livedIn("other", "SIGKILL", "Somebody else's");
  const file = copyOf("killed", "foreign");
  cpSync(`${fileOf("other")}-wal`, `${file}-wal`);
  await refused("foreign", /was lost or exchanged/);
});

test("F-51 a database whose log was lost is refused: it would be an older one without a word", async () => {
  rmSync(`${copyOf("killed", "lost")}-wal`);
  await refused("lost", /its log .*aifacade\.db-wal was lost or exchanged/);
});

test("F-51 a log that somebody else has closed after a crash is told, and the start goes on", async () => {
  const file = copyOf("killed", "closed");
  const database = new Database(file);
  database.prepare("SELECT count(*) FROM User").get();
  database.close();
  assert.ok(!existsSync(`${file}-wal`));

  const server = await startServer(settings("closed"));
  assert.match(server.output(), /its log, the -wal file beside it, is gone since/);
  assert.equal((await server.visitor().logIn("ada", PASSWORD)).status, 303);
  assert.equal(await server.end("SIGTERM"), 0);
});

test("F-51 after a crash, and after a stop, the log is nothing to speak of; a stale index of it is made anew", async () => {
  for (const name of ["stopped", "killed"]) {
    const file = copyOf(name, `${name} well`);
    if (name === "killed") writeFileSync(`${file}-shm`, Buffer.alloc(32_768, 7));
    const server = await startServer(settings(`${name} well`));
    assert.doesNotMatch(server.output(), /log/);
    const ada = server.visitor();
    assert.equal((await ada.logIn("ada", PASSWORD)).status, 303);
    assert.equal((await ada.get("/")).all(".sidebar__link").length, 1);
    assert.equal(await server.end("SIGTERM"), 0);
    assert.ok(!existsSync(`${file}.in-use`));
  }
});

test("a restore that was cut off is refused until it is done again", async () => {
  mkdirSync(path.join(top, "half"));
  writeFileSync(`${fileOf("half")}.restoring`, "some.tar.gz\n");
  const server = launch(settings("half"));

  assert.equal(await server.ended, 78);
  assert.match(server.output(), /A restore into .* was cut off\. Do it again/);
});
