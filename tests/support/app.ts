import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { after } from "node:test";
import Database from "better-sqlite3";
import { CREATE_HISTORY } from "../../prisma/engine/database.js";
import { type FakeDeepSeek, startFakeDeepSeek } from "./fake-deepseek.js";
import { root } from "./root.js";
import { Visitor } from "./visitor.js";

const MIGRATIONS = path.join(root, "prisma", "migrations");

/** The real application on a fresh database, in front of a fake DeepSeek. */
export interface TestApp {
  url: string;
  fake: FakeDeepSeek;
  /** The database, opened a second time: to look, and to arrange what no page can. */
  database: Database.Database;
  visitor(): Visitor;
  signedIn(username: string): Promise<Visitor>;
  /** What the terminal shows for the first account, where one is asked for. */
  setupToken(): Promise<string>;
}

export const PASSWORD = "a plain test passphrase";

/**
 * Starts the application once in this process: node:test gives each test file its own, so the
 * settings are those of the file, and nothing in src needs to know of tests. Ends with the file.
 */
export async function startApp(settings: Record<string, string> = {}): Promise<TestApp> {
  const fake = await startFakeDeepSeek();
  const folder = mkdtempSync(path.join(os.tmpdir(), "aifacade-"));
  const file = path.join(folder, "test.db");
  migrated(file).close();

  Object.assign(process.env, {
    NODE_ENV: "test",
    DATABASE_URL: `file:${file}`,
    DEEPSEEK_BASE_URL: fake.url,
    DEEPSEEK_API_KEY: "sk-test-0123456789abcdef",
    DEEPSEEK_MODEL: "deepseek-flash",
    BCRYPT_COST: "10",
    RATE_LIMITS: "off",
    // A title is asked for behind an answer: where that is not the subject it would be a second question.
    AUTO_TITLES: "off",
    ...settings,
  });

  const { openDatabase, closeDatabase } = await import("../../src/stores/database.js");
  const { openSecrets } = await import("../../src/stores/secrets.js");
  const { createApp } = await import("../../src/app.js");
  const generator = await import("../../src/generator/generator.js");
  const imports = await import("../../src/transfer/in/imports.js");
  const temporary = await import("../../src/generator/temporary.js");
  const firstRun = await import("../../src/models/first-run.js");

  await openDatabase();
  openSecrets(false);
  await generator.open();
  await generator.start();
  const server = createServer(createApp()).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const database = new Database(file);

  after(async () => {
    await Promise.all([generator.drain(), temporary.drain(), imports.drain()]);
    server.closeAllConnections();
    server.close();
    await generator.close();
    await closeDatabase();
    database.close();
    await fake.close();
    rmSync(folder, { recursive: true, force: true });
  });

  return {
    url,
    fake,
    database,
    visitor: () => new Visitor(url),
    setupToken: async () => (await firstRun.setupToken()) ?? "",
    signedIn: async (username) => {
      const visitor = new Visitor(url);
      await visitor.register(username, PASSWORD);
      return visitor;
    },
  };
}

/** A fresh database with the newest schema: what the Prisma CLI makes, without its two seconds. */
export function migrated(file: string): Database.Database {
  mkdirSync(path.dirname(file), { recursive: true });
  const database = new Database(file);
  // Nobody needs it after a crash of the machine.
  database.pragma("synchronous = OFF");
  const names = readdirSync(MIGRATIONS).filter((name) => /^\d+_/.test(name));

  database.exec(CREATE_HISTORY);
  const note = database.prepare(
    "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES (?, ?, ?, 1)",
  );
  for (const name of names.sort()) {
    const sql = readFileSync(path.join(MIGRATIONS, name, "migration.sql"), "utf8");
    database.exec(sql);
    note.run(name, createHash("sha256").update(sql).digest("hex"), name);
  }
  return database;
}
