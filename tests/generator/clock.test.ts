import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { startApp } from "../support/app.js";
import * as scenario from "../support/fake-deepseek.js";
import { statementsOf } from "../support/statements.js";

const app = await startApp();
const { BlockStream } = await import("../../src/rendering/block-stream.js");
type Stream = InstanceType<typeof BlockStream>;
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

/** Lets no text with this word be rendered as it grows. */
function spoil(t: TestContext, word: string) {
  const spoilt = new WeakSet<Stream>();
  const { append, update, settle, finish } = BlockStream.prototype;
  const unlessSpoilt = <T>(original: () => T) =>
    function (this: Stream): T {
      if (spoilt.has(this)) throw new Error("This cannot be rendered");
      return original.call(this);
    };

  t.mock.method(BlockStream.prototype, "append", function (this: Stream, text: string) {
    if (text.includes(word)) spoilt.add(this);
    append.call(this, text);
  });
  t.mock.method(BlockStream.prototype, "update", unlessSpoilt(update));
  t.mock.method(BlockStream.prototype, "settle", unlessSpoilt(settle));
  t.mock.method(BlockStream.prototype, "finish", unlessSpoilt(finish));
}

for (const heard of [true, false]) {
  test(`an answer that cannot be rendered is written to its end, and harms no other, ${heard ? "heard" : "unheard"}`, async (t) => {
    spoil(t, "poison");
    const held = scenario.hold(["Some **words**.\n\n", "And poison."], [" The end."]);
    app.fake.next(held);
    const path = await ada.ask("Something odd, please");
    const src = String((await ada.get(path)).$("message-stream").attr("src"));
    const reading = heard ? ada.events(src) : [];
    await pause(700);
    held.release();
    assert.match((await ada.talk("And you?")).words(".message--answer"), /And you/);

    const page = await ada.settled(path);
    // What was seen of it does not count as the whole.
    assert.notEqual((await reading).at(-1)?.event, "done");
    assert.equal(page.words(".message__body strong"), "words");
    assert.match(page.words(".message--answer .message__body"), /And poison\. The end\.$/);
    assert.equal(page.all(".outcome").length, 0);
  });
}

test("texts that nobody reads are rendered one after the other, and readers are told in between", async (t) => {
  const { settle } = BlockStream.prototype;
  let settled = 0;
  t.mock.method(BlockStream.prototype, "settle", function (this: Stream) {
    settled += 1;
    for (const end = performance.now() + 15; performance.now() < end; );
    settle.call(this);
  });
  app.fake.next(...Array.from({ length: 5 }, () => scenario.stall(2)));
  for (let count = 0; count < 5; count += 1) await ada.ask("Unheard");
  await pause(1_600);
  await ada.post("/clear");

  // Two streams of one answer take 30 ms, and in that time come three checkpoints.
  assert.ok(settled > 0 && settled <= 8, `${settled} settled`);
});
