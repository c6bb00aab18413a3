import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { startApp } from "../support/app.js";
import { statementsOf } from "../support/statements.js";

const app = await startApp();
const { db } = await import("../../src/stores/database.js");
const { isGone, isTaken, sqliteCode } = await import("../../src/stores/failures.js");
const { busyWaits } = await import("../../src/stores/metrics.js");
const { read, statement, storedDate, write } = await import("../../src/stores/statements.js");

const INSERT = statement<{ id: string; name: string }>(
  `INSERT INTO User (id, username, usernameKey, passwordDigest) VALUES (@id, @name, @name, '')`,
);
const FIND = statement<{ id: string }, { username: string }>(
  "SELECT username FROM User WHERE id = @id",
);
const INSERT_CONVERSATION = statement<{ userId: string }>(
  "INSERT INTO Conversation (id, userId, title, updatedAt) VALUES ('c', @userId, '', '')",
);

function find(id: string) {
  return read(() => FIND.get({ id }));
}

test("what is written at the same time shares a commit, and what fails is taken back alone", async () => {
  const insert = (id: string, name = id) => write(() => void INSERT.run({ id, name }));
  const twice = () =>
    write(() => {
      INSERT.run({ id: "d", name: "d" });
      INSERT.run({ id: "e", name: "a" });
    });
  let outcomes: PromiseSettledResult<void>[] = [];
  const statements = await statementsOf(async () => {
    outcomes = await Promise.allSettled([insert("a"), insert("b", "a"), twice(), insert("c")]);
  });

  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ["fulfilled", "rejected", "rejected", "fulfilled"],
  );
  assert.ok(isTaken((outcomes[1] as PromiseRejectedResult).reason));
  assert.equal(statements.length, 5);
  const rows = app.database.prepare("SELECT id FROM User ORDER BY id").all();
  assert.deepEqual(rows, [{ id: "a" }, { id: "c" }]);
});

test("a write waits for a transaction of the ORM, and a reader does not", async () => {
  const order: string[] = [];
  await Promise.all([
    db.$transaction(async (tx) => {
      await tx.user.update({ where: { id: "a" }, data: { username: "changed" } });
      order.push((await find("a"))?.username ?? "");
      await new Promise((resolve) => setTimeout(resolve, 50));
      order.push("transaction");
    }),
    write(() => INSERT.run({ id: "f", name: "f" })).then(() => order.push("write")),
  ]);

  assert.deepEqual(order, ["a", "transaction", "write"]);
  assert.equal((await find("a"))?.username, "changed");
});

test("a failure has SQLite's name, whoever asked", async () => {
  const failure = (work: Promise<unknown>) =>
    work.then(
      () => assert.fail("it succeeded"),
      (error: unknown) => error,
    );
  const row = { id: "z", username: "f", usernameKey: "f", passwordDigest: "" };
  const conversation = { id: "z", userId: "nobody", title: "", updatedAt: new Date() };

  assert.ok(isTaken(await failure(db.user.create({ data: row }))));
  assert.ok(isGone(await failure(db.conversation.create({ data: conversation }))));
  assert.ok(isGone(await failure(write(() => INSERT_CONVERSATION.run({ userId: "nobody" })))));
  assert.equal(sqliteCode(new Error("SQLITE_FULL")), null);
  assert.equal(sqliteCode(null), null);
});

test("a write outside of a transaction is a mistake, and says which", async () => {
  await assert.rejects(
    read(() => INSERT.run({ id: "g", name: "g" })),
    /outside of write\(\): INSERT INTO User/,
  );
});

test("a statement that gives back what it changed is no exception", async () => {
  const rename = statement<{ id: string }, { id: string }>(
    "UPDATE User SET username = 'renamed' WHERE id = @id RETURNING id",
  );
  const outside = /outside of write\(\): UPDATE User/;

  await assert.rejects(
    read(() => rename.get({ id: "a" })),
    outside,
  );
  assert.notEqual((await find("a"))?.username, "renamed");
  assert.deepEqual(await write(() => rename.all({ id: "a" })), [{ id: "a" }]);
});

test("while somebody else holds the database, writers wait together, and are written in their order", async () => {
  const order: string[] = [];
  const insert = (id: string) =>
    write(() => void INSERT.run({ id, name: id })).then(() => order.push(id));
  const writers = ["m", "l", "k", "j", "i"];
  app.database.exec("BEGIN IMMEDIATE");
  const [triesBefore, before] = [await busyTries(), performance.now()];
  const coming: Promise<unknown>[] = [];
  for (const id of writers) {
    coming.push(insert(id));
    await pause(10);
  }
  await pause(1_000);
  const [tries, tookMs] = [(await busyTries()) - triesBefore, performance.now() - before];
  app.database.exec("ROLLBACK");
  await Promise.all(coming);

  // Each takes 50 ms in which nothing else happens, and 50 at least in between.
  assert.ok(tries <= tookMs / 100 + 1, `${tries} tries in ${tookMs} ms`);
  assert.deepEqual(order, writers);
});

async function busyTries(): Promise<number> {
  return (await busyWaits.get()).values[0]?.value ?? 0;
}

test("a date is stored as the ORM stores it", async () => {
  const date = new Date("2026-11-23T12:34:56.789Z");
  await db.user.update({ where: { id: "a" }, data: { createdAt: date } });
  const [row] = app.database.prepare("SELECT createdAt FROM User WHERE id = 'a'").all();
  assert.deepEqual(row, { createdAt: storedDate(date) });
});
