import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { startApp } from "../support/app.js";
import * as scenario from "../support/fake-deepseek.js";
import { statementsOf } from "../support/statements.js";

const app = await startApp();
const ada = await app.signedIn("ada");

function bodies(): string[] {
  const rows = app.database
    .prepare("SELECT body FROM Message WHERE state = 'running' ORDER BY id")
    .all();
  return (rows as { body: string }[]).map(({ body }) => body);
}

test("growing answers are stored at most every half second, all in one statement", async () => {
  app.fake.next(
    ...Array.from({ length: 8 }, () =>
      scenario.answer({ content: "word ".repeat(100), reasoning: "", tokenMs: 20 }),
    ),
  );
  const paths = await Promise.all(
    Array.from({ length: 8 }, (_, index) => ada.ask(`Question ${index}`)),
  );
  const statements = await statementsOf(() => pause(1100));
  const updates = statements.filter((sql) => /^\s*UPDATE/i.test(sql));

  assert.ok(updates.length >= 1 && updates.length <= 3, `${updates.length} updates`);
  assert.equal(bodies().length, 8);
  assert.ok(bodies().every((body) => /^(word )+/.test(body)));
  await Promise.all(paths.map((path) => ada.settled(path)));
});

test("an answer that paused is stored again once it goes on", async () => {
  app.fake.next(async (exchange) => {
    exchange.res.writeHead(200, { "content-type": "text/event-stream" });
    for (const word of ["one ", "two ", "three "]) {
      exchange.res.write(scenario.wire.events(scenario.wire.content(word)));
      await pause(1200, undefined, { signal: exchange.gone });
    }
    exchange.res.end(scenario.wire.events(scenario.wire.finish("stop"), scenario.wire.DONE));
  });
  const path = await ada.ask("Slowly, please");
  for (const text of ["one ", "one two ", "one two three "]) {
    await pause(1100);
    assert.equal(bodies()[0], text);
  }
  await ada.settled(path);
});

test("while nothing runs, nothing is asked of the database", async () => {
  await pause(100);
  assert.deepEqual(await statementsOf(() => pause(1300)), []);
});

test("who is suspended has their running answer ended within about a second", async () => {
  await app.signedIn("somebody");
  const bob = await app.signedIn("bob");
  app.fake.next(scenario.stall(2));
  const page = await bob.get(await bob.ask("Am I welcome?"));
  const reading = bob.events(String(page.$("message-stream").attr("src")));
  await pause(200);
  app.database.exec("UPDATE User SET suspendedAt = CURRENT_TIMESTAMP WHERE username = 'bob'");
  const before = performance.now();

  assert.equal((await reading).at(-1)?.event, "gone");
  assert.ok(performance.now() - before < 1800);
  const { state, failure } = app.database
    .prepare("SELECT * FROM Message ORDER BY id DESC LIMIT 1")
    .get() as Record<string, string>;
  assert.deepEqual([state, failure], ["interrupted", "gone"]);
});
