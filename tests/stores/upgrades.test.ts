import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import Database from "better-sqlite3";
import { SECRETS } from "../fixtures/released/secrets.js";
import { PASSWORD } from "../support/app.js";
import { startFakeDeepSeek } from "../support/fake-deepseek.js";
import { holdLock } from "../support/locks.js";
import { root } from "../support/root.js";
import { launch, startServer } from "../support/server.js";
import { runTask } from "../support/task.js";
import type { Visitor } from "../support/visitor.js";

const fixtures = path.join(root, "tests", "fixtures", "released");
const versions = readdirSync(fixtures)
  .filter((name) => name.endsWith(".sql"))
  .map((name) => name.replace(/\.sql$/, ""));

const fake = await startFakeDeepSeek();
const top = mkdtempSync(path.join(os.tmpdir(), "aifacade-"));
after(async () => {
  await fake.close();
  rmSync(top, { recursive: true, force: true });
});

/** A data folder as that version has left it; the settings of a server for it. */
function installed(version: string, name: string) {
  const folder = path.join(top, name);
  const file = path.join(folder, "aifacade.db");
  mkdirSync(folder, { mode: 0o700 });
  const database = new Database(file);
  database.pragma("foreign_keys = OFF");
  database.exec(readFileSync(path.join(fixtures, `${version}.sql`), "utf8"));
  database.pragma("journal_mode = WAL");
  database.close();

  const settings = { DATABASE_URL: `file:${file}`, DEEPSEEK_BASE_URL: fake.url, ...SECRETS };
  return { file, folder, settings };
}

function look<T>(file: string, sql: string): T[] {
  const database = new Database(file, { readonly: true });
  try {
    return database.prepare(sql).pluck().all() as T[];
  } finally {
    database.close();
  }
}

/** What is found, once what was written before the upgrade has been made searchable. */
async function firstHit(visitor: Visitor, text: string): Promise<string> {
  for (let tries = 0; tries < 50; tries += 1) {
    const page = await visitor.get(`/search?q=${text}`);
    if (page.$(".hit").length > 0) return page.words(".hit__snippet");
    await pause(200);
  }
  return "";
}

const APPLIED = "SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL";
const known = readdirSync(path.join(root, "prisma", "migrations")).filter((n) => /^\d/.test(n));

test("the released version has its database among the fixtures", () => {
  const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  assert.ok(versions.includes(version), "run: node --import tsx tests/fixtures/released/make.ts");
});

for (const version of versions) {
  test(`F-52 a database of ${version} comes to today's schema, and what was in it shows`, async () => {
    const { file, folder, settings } = installed(version, version);
    const isOld = look(file, APPLIED).length < known.length;
    const rows = look(file, "SELECT count(*) FROM Message");
    const server = await startServer(settings);

    assert.equal(/taking a snapshot/.test(server.output()), isOld);
    assert.equal(/Database ready in .* migrated\)\./.test(server.output()), isOld);
    assert.deepEqual(look(file, APPLIED).sort(), known.sort());
    assert.deepEqual(look(file, "SELECT count(*) FROM Message"), rows);
    assert.deepEqual(look(file, "PRAGMA integrity_check"), ["ok"]);
    assert.deepEqual(look(file, "PRAGMA foreign_key_check"), []);
    assert.equal(readdirSync(folder).filter((name) => name.includes("migrating")).length, 0);

    const ada = server.visitor();
    assert.equal((await ada.logIn("ada", PASSWORD)).status, 303);
    const home = await ada.get("/");
    const link = home
      .$(".sidebar__link")
      .filter((_, each) => /Bernoulli/.test(home.$(each).text()));
    const page = await ada.get(String(link.attr("href")));
    assert.match(page.words(".message--question"), /with ünïcode, 'quotes' and 🎉|Bernoulli/);
    const next = await ada.talk("And now?", { conversation: String(page.field("conversation")) });
    assert.match(next.words(".message--answer"), /You asked/);
    assert.match(await firstHit(ada, "bernoul"), /Bernoulli/);
    assert.equal(await server.end("SIGTERM"), 0);

    const again = await startServer(settings);
    assert.doesNotMatch(again.output(), /snapshot|migrated/);
    assert.equal(await again.end("SIGTERM"), 0);
  });
}

test("while a backup is being made, a database is not migrated, and may be soon", async () => {
  const { file, folder, settings } = installed("0.1.0", "beside a backup");
  const backups = path.join(folder, "backups");
  mkdirSync(backups);
  const lock = await holdLock(path.join(backups, ".lock"), { kind: "EXCLUSIVE", forMs: 60_000 });
  const server = launch(settings);

  assert.equal(await server.ended, 75, server.output());
  assert.match(
    server.output(),
    /Another backup is being made or checked\. Try again in a minute\./,
  );
  assert.equal(look(file, APPLIED).length, 1);
  lock.process.kill("SIGKILL");
  await lock.over;
  const again = await startServer(settings);
  assert.deepEqual(look(file, APPLIED).sort(), known.sort());
  assert.equal(await again.end("SIGTERM"), 0);
});

test("F-55 a migration that fails leaves the database as it was, and says where the snapshot is", async () => {
  const { file, settings } = installed("0.1.0", "failing");
  const database = new Database(file);
  database.exec('ALTER TABLE "Message" ADD COLUMN "restarts" INTEGER');
  database.close();
  const bytes = readFileSync(file);
  const server = launch(settings);

  assert.equal(await server.ended, 78, server.output());
  assert.match(server.output(), /not be migrated\. It is as it was; a snapshot of it is \S+gz\./);
  assert.deepEqual(readFileSync(file), bytes);
  const [, archive = ""] = /snapshot of it is (\S+\.gz)/.exec(server.output()) ?? [];
  const restored = await runTask(settings, "restore", archive);
  assert.equal(restored.code, 0, restored.output);
  assert.equal(look(file, APPLIED).length, 1);
});

test("F-54 of several that start at once, one migrates and serves, and the others are refused", async () => {
  const { file, settings } = installed("0.1.0", "at once");
  const servers = Array.from({ length: 4 }, () => launch(settings));
  const serving = servers.map((server) => server.until(/AIFacade is at/).then(() => server));
  const winner = await Promise.any(serving);
  const others = servers.filter((server) => server !== winner);

  assert.deepEqual(await Promise.all(others.map(({ ended }) => ended)), [78, 78, 78]);
  for (const other of others)
    assert.match(other.output(), /^Another AIFacade server, restore or migration is/);
  assert.equal(await winner.end("SIGTERM"), 0);
  await Promise.allSettled(serving);
  assert.deepEqual(
    look(file, "SELECT migration_name FROM _prisma_migrations").sort(),
    known.sort(),
  );
});

test("F-54 a database that another program has open is not migrated", async () => {
  const { file, settings } = installed("0.1.0", "open elsewhere");
  const other = new Database(file);
  other.prepare("SELECT count(*) FROM User").get();
  const server = launch(settings);

  assert.equal(await server.ended, 78, server.output());
  assert.match(server.output(), /cannot be migrated while another program has it open/);
  other.close();
  assert.equal(look(file, APPLIED).length, 1);
});

test("F-55 killed at any moment of a migration, the next start completes it", async (t) => {
  const { file, settings } = installed("0.1.0", "killed");
  let inTime = 0;

  for (const waitMs of [500, 2000, 3500]) {
    const server = launch(settings);
    await Promise.race([server.until(/taking a snapshot/), server.ended]);
    await pause(waitMs + 500 * Math.random());
    await server.end("SIGKILL");
    const applied = look(file, APPLIED).length;
    assert.deepEqual(look(file, "PRAGMA integrity_check"), ["ok"]);
    assert.ok(applied === 1 || applied === known.length);
    if (applied < known.length) inTime += 1;
    else break;
  }

  t.diagnostic(`killed ${inTime} times before it was done`);
  const server = await startServer(settings);
  assert.deepEqual(look(file, APPLIED).sort(), known.sort());
  assert.equal((await server.visitor().logIn("ada", PASSWORD)).status, 303);
  assert.equal(await server.end("SIGTERM"), 0);
});
