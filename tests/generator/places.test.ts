import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../support/app.js";
import * as scenario from "../support/fake-deepseek.js";

const app = await startApp({
  RATE_LIMITS: "on",
  LIMIT_RUNNING_PER_PERSON: "2",
  LIMIT_RUNNING_IN_ALL: "3",
  LIMIT_QUESTIONS_PER_MINUTE: "100",
});
const [ada, bob] = [await app.signedIn("ada"), await app.signedIn("bob")];

function holdAll() {
  app.fake.next(...Array.from({ length: 3 }, () => scenario.stall(1)));
}

test("a person has so many answers at once, and is told so with the text kept", async () => {
  holdAll();
  const [path] = [await ada.ask("One"), await ada.ask("Two")];
  const page = await ada.post("/chat", { prompt: "Three" });

  assert.equal(page.status, 429);
  assert.ok(Number(page.headers.get("retry-after")) > 0);
  assert.equal(page.field("prompt"), "Three");
  assert.match(page.words(".field__error"), /2 answers of yours are being written/);
  assert.equal((await ada.get(path)).status, 200);
});

test("the same form sent twice is no second answer, even where there is no place for one", async () => {
  await ada.post("/clear");
  holdAll();
  const fields = { prompt: "Twice", key: "form-1" };
  const path = await ada.ask("Twice", { key: "form-1" });
  await ada.ask("Another");
  assert.equal((await ada.post("/chat", fields)).location, path);
});

test("all together have so many answers at once, whoever asks", async () => {
  await bob.ask("Bob's");
  const page = await bob.post("/chat", { prompt: "Bob's second" });

  assert.equal(page.status, 429);
  assert.equal(page.field("prompt"), "Bob's second");
  assert.match(page.words(".field__error"), /as many answers as it can/);
});

test("every way to end an answer gives its place back", async () => {
  await ada.post("/clear");
  await bob.post("/clear");
  app.fake.forget();
  for (const directive of ["status@402", "fin@2", "say yes", "length", "status@401", "early@2"]) {
    await Promise.all([ada.talk(`chaos:${directive}`), ada.talk(`chaos:${directive}`)]);
  }
  const refusals = Array.from({ length: 5 }, () =>
    ada.post("/chat", { prompt: "Gone", conversation: "nowhere" }),
  );
  assert.ok(
    (await Promise.all(refusals)).every((page) => page.status === 404 || page.status === 429),
  );
  await Promise.all([ada.talk("One"), ada.talk("Two")]);
});
