import assert from "node:assert/strict";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { test } from "node:test";
import { startApp } from "../support/app.js";
import * as scenario from "../support/fake-deepseek.js";
import { holdLock } from "../support/locks.js";

const app = await startApp();
const ada = await app.signedIn("ada");
const { db } = await import("../../src/stores/database.js");

test("rows survive a power cut, belong together, and readers do not wait for the writer", async () => {
  const pragma = async (name: string) =>
    Object.values((await db.$queryRawUnsafe<object[]>(`PRAGMA ${name}`))[0] ?? {});

  assert.deepEqual(await pragma("journal_mode"), ["wal"]);
  assert.deepEqual((await pragma("synchronous")).map(Number), [2]);
  assert.deepEqual((await pragma("foreign_keys")).map(Number), [1]);
  assert.ok(Number((await pragma("busy_timeout"))[0]) <= 250);
});

test("while another process writes, questions wait, nothing is lost and the process goes on", async () => {
  app.fake.next(scenario.answer({ content: "word ".repeat(80), tokenMs: 20 }));
  const running = await ada.ask("A running one");
  const lock = await holdLock(app.database.name, { kind: "IMMEDIATE", forMs: 2000 });
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const sent = ["One", "Two", "Three"].map((prompt) => ada.talk(prompt));
  await lock.over;
  delay.disable();

  assert.ok(
    // Generous, for a busy machine: waiting inside SQLite would take the whole two seconds.
    delay.max / 1e6 <= 1000,
    `the event loop stood still for ${Math.round(delay.max / 1e6)} ms`,
  );
  for (const page of await Promise.all(sent))
    assert.match(page.words(".message--answer"), /You asked/);
  assert.match(
    (await ada.settled(running)).words(".message--answer .message__body"),
    /^(word ?){80}$/,
  );
});
