import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import Database from "better-sqlite3";
import { root } from "../support/root.js";

const MIGRATIONS = path.join(root, "prisma", "migrations");
const PRICES = "20261126182500_prices";
const folder = mkdtempSync(path.join(os.tmpdir(), "aifacade-usage-"));
const database = new Database(path.join(folder, "old.db"));
after(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

const migrate = (name: string) =>
  database.exec(readFileSync(path.join(MIGRATIONS, name, "migration.sql"), "utf8"));

const INSERT = `INSERT INTO Message
  (id, conversationId, role, body, createdAt, state, model, promptTokens, cachedTokens, completionTokens, copiedFromId)
  VALUES`;

test("what was asked before there was a table of usage is in it, once each", () => {
  for (const name of readdirSync(MIGRATIONS).sort())
    if (/^\d/.test(name) && name < PRICES) migrate(name);
  database.exec(`
    INSERT INTO User (id, username, usernameKey, passwordDigest) VALUES ('u', 'ada', 'ada', '');
    INSERT INTO Conversation (id, userId, title, updatedAt, createdAt, titleModel, titlePromptTokens)
    VALUES ('c', 'u', 'One', '2026-11-20', '2026-11-20T00:00:00.000+00:00', 'm', 50);
    ${INSERT} (1, 'c', 'question', '', '2026-11-20T00:00:00.000+00:00', NULL, NULL, NULL, NULL, NULL, NULL),
      (2, 'c', 'answer', '', '2026-11-20T00:00:01.000+00:00', 'complete', 'm', 120, 64, 40, NULL),
      (3, 'c', 'answer', '', '2026-11-20T00:14:59.000+00:00', 'stopped', 'm', NULL, NULL, NULL, NULL),
      (4, 'c', 'answer', '', '2026-11-20T00:15:00.000+00:00', 'complete', 'm', 10, NULL, 4, NULL),
      (5, 'c', 'answer', '', '2026-11-20T00:15:00.000+00:00', 'failed', 'm', NULL, NULL, NULL, NULL),
      (6, 'c', 'answer', '', '2026-11-20T00:15:00.000+00:00', 'complete', 'm', 120, 64, 40, 2)`);
  migrate(PRICES);

  const rows = database.prepare(`SELECT quarter - 1994592 AS quarter, purpose, requests, untold,
    promptTokens, cachedTokens, completionTokens FROM Usage ORDER BY quarter, purpose`);
  assert.deepEqual(rows.raw().all(), [
    [0, "answer", 2, 1, 120, 64, 40],
    [0, "title", 1, 0, 50, null, 0],
    [1, "answer", 1, 0, 10, null, 4],
  ]);
});

test("the tables of an old database are those of a new one", () => {
  assert.deepEqual(database.pragma("foreign_key_check"), []);
  assert.equal(database.prepare("SELECT count(*) FROM Price").pluck().get(), 4);
});
