import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../support/app.js";

const app = await startApp();
const { indexWaiting } = await import("../../../src/models/search/indexing.js");
const { write, statement } = await import("../../../src/stores/statements.js");
const search = await import("../../../src/models/search.js");
await app.signedIn("ada");

const userId = String(app.database.prepare("SELECT id FROM User").pluck().get());
const INSERT = statement<{ body: string }>(`
  INSERT INTO Message (conversationId, role, body) VALUES ('one', 'question', @body)`);
app.database
  .prepare("INSERT INTO Conversation (id, userId, title, updatedAt) VALUES ('one', ?, 'One', '')")
  .run(userId);

const INSERT_MANY = app.database.prepare(
  "INSERT INTO Message (conversationId, role, body) VALUES ('one', 'question', ?)",
);

function waiting(): number {
  return app.database.prepare("SELECT count(*) FROM SearchQueue").pluck().get() as number;
}

async function found(text: string): Promise<number> {
  const query = { text, from: null, until: null, role: null, model: null, folder: null };
  return (await search.find(userId, query, 1))?.count ?? 0;
}

test("a message is noted with the very write that makes it, and with that taken back", async () => {
  const failing = write(() => {
    INSERT.run({ body: "never there" });
    throw new Error("as if the process had ended");
  });
  await assert.rejects(failing, /as if/);
  assert.equal(waiting(), 0);

  await write(() => INSERT.run({ body: "there" }));
  assert.equal(waiting(), 1);
  await indexWaiting();
  assert.deepEqual([waiting(), await found("there")], [0, 1]);
});

test("reading one again changes nothing, so that what a crash has left may be read once more", async () => {
  app.database.exec("INSERT INTO SearchQueue SELECT id FROM Message");
  await indexWaiting();

  assert.deepEqual([waiting(), await found("there")], [0, 1]);
  assert.equal(app.database.prepare("SELECT count(*) FROM Search").pluck().get(), 1);
});

test("a long history is read in portions, the newest first", async () => {
  for (let count = 1; count <= 450; count += 1) INSERT_MANY.run(`history${count}end`);
  await indexWaiting();
  assert.deepEqual([await found("history450end"), await found("history1end")], [1, 0]);
  assert.equal((await search.scope(userId)).isBehind, false);

  await indexWaiting();
  assert.deepEqual([await found("history1end"), waiting()], [1, 0]);
});

test("of a very long message the beginning is found, and the process is not held up for the rest", async () => {
  INSERT_MANY.run(`beginning ${"filler ".repeat(8000)} ending`);
  await indexWaiting();
  assert.deepEqual([await found("beginning"), await found("ending")], [1, 0]);
});

test("of tens of thousands the newest thousand are ranked, and no more are looked at", async () => {
  app.database.exec(
    `WITH RECURSIVE number(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM number WHERE n < 1500)
     INSERT INTO Message (conversationId, role, body) SELECT 'one', 'question', 'common word ' || n FROM number`,
  );
  assert.equal((await search.scope(userId)).isBehind, true);
  while (waiting() > 0) await indexWaiting();

  assert.equal(await found("common"), search.MOST_RANKED);
  assert.equal(await found("common 1500"), 1);
});

test("a conversation of 1,500 messages is deleted with all its rows in the index", async () => {
  const trash = await import("../../../src/models/conversations/trash.js");
  app.database
    .prepare("INSERT INTO Conversation (id, userId, title, updatedAt) VALUES ('two', ?, 'Two', '')")
    .run(userId);
  app.database.exec(`INSERT INTO Message (conversationId, role, body, createdAt)
    VALUES ('two', 'question', 'common of old', '2020-01-01T00:00:00.000+00:00')`);
  await indexWaiting();
  await trash.discard(userId, ["one"]);
  assert.equal(await found("common"), 1, "what is older than a thousand in the trash");
  await trash.discard(userId, ["two"]);
  await trash.erase(userId, "two");
  assert.equal(await found("common"), 0);

  await trash.erase(userId, "one");
  assert.equal(await found("common"), 0);
  assert.equal(app.database.prepare("SELECT count(*) FROM SearchTerm").pluck().get(), 0);
});
