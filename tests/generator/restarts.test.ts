import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { answersTo } from "../support/answers.js";
import { startApp } from "../support/app.js";
import * as scenario from "../support/fake-deepseek.js";

const app = await startApp({ DEEPSEEK_DIALECT: "deepseek" });
const generator = await import("../../src/generator/generator.js");
const disk = await import("../../src/stores/disk.js");
const ada = await app.signedIn("ada");
const { asking, row, stop } = answersTo(ada, app);

afterEach(async () => {
  disk.overcome();
  await generator.start();
  await ada.post("/clear");
  app.fake.forget();
});

/** An answer as a restart leaves it: its row is running, and nothing writes it. */
async function left() {
  const asked = await asking(scenario.stall(3));
  await ada.events(asked.src, ({ data }) => /word3/.test(JSON.stringify(data)));
  await generator.drain();
  app.fake.forget();
  assert.equal(row(asked.id).state, "running");
  return { ...asked, number: Number(asked.id) };
}

async function ended(id: string) {
  for (let tries = 0; row(id).state === "running" && tries < 400; tries += 1) await pause(25);
  return row(id);
}

test("an answer that nothing writes at this moment shows what is stored, and its readers come back", async () => {
  const { path, src, id } = await left();
  const page = await ada.get(path);

  assert.equal(page.words("[data-part=answer]"), "word1 word2 word3");
  assert.match(page.words("[data-part=progress]"), /waits for the server, and goes on as soon/);
  assert.deepEqual(
    (await ada.events(src)).map(({ event }) => event),
    ["restarting"],
  );
  assert.match((await ada.get(`${path}/live`)).words(".live__end, .outcome"), /The answer goes on/);

  app.fake.next(scenario.answer({ reasoning: "", content: "word4" }));
  await generator.start();
  assert.equal((await ended(id)).body, "word1 word2 word3 word4");
});

test("an answer that is stopped while nothing writes it does not grow back", async () => {
  const { id } = await left();
  const page = await stop(ada, id);

  assert.equal(page.words(".outcome p"), "You stopped this answer.");
  assert.match(page.words(".message--answer .message__body"), /word1 word2 word3/);
  await generator.start();
  await pause(100);
  assert.deepEqual(app.fake.requests, []);
  assert.deepEqual([row(id).state, row(id).promptTokens], ["stopped", null]);
});

for (const order of ["before", "after"]) {
  test(`an answer that is stopped right ${order} it is gone on with is stopped`, async () => {
    const { id, number } = await left();
    app.fake.next(scenario.stall(1));
    const acts = [() => generator.stop(number), () => generator.start()];
    await Promise.all((order === "before" ? acts : acts.reverse()).map((act) => act()));

    assert.equal(row(id).state, "stopped");
    for (let tries = 0; generator.snapshot(number) && tries < 40; tries += 1) await pause(25);
    assert.equal(generator.snapshot(number), null);
    assert.equal(row(id).state, "stopped");
  });
}

test("what cannot be taken over yet, though the disk takes writes again, is tried again", async () => {
  const { id } = await left();
  app.database.exec(
    "CREATE TRIGGER stuck BEFORE UPDATE OF restarts ON Message BEGIN SELECT raise(FAIL, 'stuck'); END",
  );
  disk.meet("full", "");
  await generator.start();
  disk.overcome();
  await pause(200);
  assert.equal(row(id).restarts, 0);

  app.database.exec("DROP TRIGGER stuck");
  app.fake.next(scenario.answer({ reasoning: "", content: "word4" }));
  assert.equal((await ended(id)).state, "complete");
});

test("an end that cannot be stored does not hold up a restart, and the next start comes to it", async () => {
  const held = scenario.hold(["One ", "two "], ["three."]);
  const { id, src } = await asking(held);
  await ada.events(src, ({ data }) => /two/.test(JSON.stringify(data)));
  await pause(700);
  disk.meet("full", "");
  held.release();
  await ada.events(src, ({ data }) => /The answer has ended/.test(JSON.stringify(data)));
  await pause(1_000);
  const before = performance.now();
  await generator.drain();

  assert.ok(performance.now() - before < 4_500);
  assert.deepEqual([row(id).state, row(id).body], ["running", "One two "]);
  disk.overcome();
  app.fake.next(scenario.answer({ reasoning: "", content: "three." }));
  await generator.start();
  assert.equal((await ended(id)).body, "One two three.");
});
