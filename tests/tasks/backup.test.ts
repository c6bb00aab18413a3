import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { PASSWORD } from "../support/app.js";
import { startFakeDeepSeek } from "../support/fake-deepseek.js";
import { startServer } from "../support/server.js";
import { runTask } from "../support/task.js";
import type { Visitor } from "../support/visitor.js";

const WRITERS = 20;

const fake = await startFakeDeepSeek();
const top = mkdtempSync(path.join(os.tmpdir(), "aifacade-"));
after(async () => {
  await fake.close();
  rmSync(top, { recursive: true, force: true });
});

function settings(name: string): Record<string, string> {
  return {
    DATABASE_URL: `file:${path.join(top, name, "aifacade.db")}`,
    DEEPSEEK_BASE_URL: fake.url,
    RATE_LIMITS: "off",
    LIMIT_RUNNING_PER_PERSON: "100",
    BACKUP_KEEP: "2",
  };
}

/** Somebody who goes on asking; what was acknowledged, and when. */
interface Writer {
  name: string;
  visitor: Visitor;
  acknowledged: { text: string; page: string; at: number }[];
}

async function writing(writer: Writer, until: AbortSignal) {
  for (let count = 1; !until.aborted; count += 1) {
    const text = `${writer.name} asks number ${count}`;
    const page = await writer.visitor.ask(text);
    writer.acknowledged.push({ text, page, at: performance.now() });
  }
}

async function joined(visitor: Visitor, name: string): Promise<Writer> {
  await visitor.register(name, PASSWORD);
  return { name, visitor, acknowledged: [] };
}

test("F-56 a backup made while twenty people write holds, restored elsewhere, every message acknowledged before", async (t) => {
  const server = await startServer(settings("busy"));
  const names = Array.from({ length: WRITERS }, (_, index) => `writer${index + 1}`);
  const writers = await Promise.all(names.map((name) => joined(server.visitor(), name)));
  const enough = new AbortController();
  const work = writers.map((writer) => writing(writer, enough.signal));

  await pause(1500);
  const begunAt = performance.now();
  const made = await runTask(settings("busy"), "backup");
  enough.abort();
  await Promise.all(work);
  assert.equal(made.code, 0, made.output);
  assert.match(made.output, /^Backed up, restored aside and checked: /);
  assert.equal(await server.end("SIGTERM"), 0);

  const [archive = ""] = archivesIn("busy");
  mkdirSync(path.join(top, "drill"));
  const restored = await runTask(settings("drill"), "restore", archive);
  assert.equal(restored.code, 0, restored.output);
  assert.match(restored.output, /20 accounts/);

  const again = await startServer(settings("drill"));
  let read = 0;
  for (const { name, acknowledged } of writers) {
    const visitor = again.visitor();
    assert.equal((await visitor.logIn(name, PASSWORD)).status, 303);
    for (const { text, page } of acknowledged.filter(({ at }) => at < begunAt)) {
      assert.match((await visitor.get(page)).words(".message--question"), new RegExp(text));
      read += 1;
    }
  }
  assert.ok(read >= WRITERS);
  t.diagnostic(`${read} messages were acknowledged before, and all are there`);
  assert.equal(await again.end("SIGTERM"), 0);
});

function archivesIn(name: string): string[] {
  const folder = path.join(top, name, "backups");
  return readdirSync(folder)
    .filter((file) => file.endsWith(".tar.gz"))
    .map((file) => path.join(folder, file))
    .sort();
}

function isMigration(name: string): boolean {
  return /^\d{14}_/.test(name);
}

test("an archive is its owner's alone, and the oldest make room", async () => {
  const of = settings("kept");
  await runTask(of, "user", "list");
  for (let round = 1; round <= 3; round += 1) {
    await runTask(of, "backup");
    await pause(1000);
  }
  const { output } = await runTask(of, "backups");
  const [schema = ""] = readdirSync("prisma/migrations").filter(isMigration).sort().reverse();

  assert.equal(archivesIn("kept").length, 2);
  for (const file of archivesIn("kept")) {
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.match(output, new RegExp(`KB.*${schema}.*${path.basename(file)}`));
  }
});

test("a restore keeps what it replaces, is refused beside a server, and says how to go on", async () => {
  const of = settings("replaced");
  const file = path.join(top, "replaced", "aifacade.db");
  const server = await startServer(of);
  const ada = server.visitor();
  await ada.register("ada", PASSWORD);
  await runTask(of, "backup");
  const archive = path.basename(archivesIn("replaced")[0] ?? "");
  await ada.talk("Asked after the backup");

  const refused = await runTask(of, "restore", archive);
  assert.equal(refused.code, 1);
  assert.match(
    refused.output,
    /Another AIFacade server, restore or migration is using .*aifacade\.db\. Stop it/,
  );
  await server.end("SIGTERM");
  const before = readFileSync(file);

  const { code, output } = await runTask(of, "restore", archive);
  assert.equal(code, 0, output);
  const [, aside = ""] = /kept in (\S+)\.\n/.exec(output) ?? [];
  assert.deepEqual(readFileSync(path.join(aside, "aifacade.db")), before);
  assert.match(output, /Start the server with: npm start/);

  const again = await startServer(of);
  const page = await again.visitor(ada).get("/");
  assert.equal(page.all(".sidebar__link").length, 0);
  assert.equal(await again.end("SIGTERM"), 0);
});
