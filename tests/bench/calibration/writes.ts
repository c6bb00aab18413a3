import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import Database from "better-sqlite3";
import { migrated } from "../../support/app.js";
import { serve } from "../support/worker.js";

const verbs = serve({ rate });

export type WriteVerbs = typeof verbs;

/** How many questions a second raw better-sqlite3 stores, each with its conversation and its answer's row in a transaction. */
function rate({ forMs }: { forMs: number }): number {
  const folder = mkdtempSync(path.join(os.tmpdir(), "bench-writes-"));
  const file = path.join(folder, "writes.db");
  migrated(file).close();
  const database = new Database(file);
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  database.pragma("foreign_keys = ON");

  const stored = store(database, forMs);
  database.close();
  rmSync(folder, { recursive: true, force: true });
  return (1000 * stored) / forMs;
}

function store(database: Database.Database, forMs: number): number {
  const now = new Date().toISOString();
  database
    .prepare(
      "INSERT INTO User (id, username, usernameKey, passwordDigest) VALUES ('u', 'u', 'u', '')",
    )
    .run();
  const conversation = database.prepare(
    "INSERT INTO Conversation (id, userId, title, updatedAt) VALUES (?, 'u', 'A title', ?)",
  );
  const question = database.prepare(
    "INSERT INTO Message (conversationId, role, body, sendDigest) VALUES (?, 'question', 'Tell me', ?)",
  );
  const answer = database.prepare(
    `INSERT INTO Message (conversationId, parentId, role, body, state, runningIn, model)
     VALUES (?, ?, 'answer', '', 'running', ?, 'bench')`,
  );
  const send = database.transaction((id: string) => {
    conversation.run(id, now);
    const { lastInsertRowid } = question.run(id, id);
    answer.run(id, lastInsertRowid, id);
  });

  let count = 0;
  for (const until = performance.now() + forMs; performance.now() < until; count += 1) {
    send(`conversation-${count}`);
  }
  return count;
}
