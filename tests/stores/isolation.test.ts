import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../support/app.js";
import * as scenario from "../support/fake-deepseek.js";

const app = await startApp();
const ada = await app.signedIn("ada");
const { db } = await import("../../src/stores/database.js");
const questions = await import("../../src/models/messages/questions.js");

app.fake.next(scenario.stall(1));
const busy = String((await ada.get(await ada.ask("Runs"))).field("conversation"));
await ada.talk("Is done");
const { userId } = app.database.prepare("SELECT userId FROM Conversation").get() as {
  userId: string;
};

const WRITER = { providerId: null, model: "deepseek-flash" };
const OTHER = "FROM Message WHERE role = 'answer' AND state = 'complete'";
app.database.exec("UPDATE Message SET tookMs = 0");

/** A write of somebody else's. */
async function count() {
  const increment = { tookMs: { increment: 1 } };
  await db.message.updateMany({ where: { role: "answer", state: "complete" }, data: increment });
}

/** A question that is refused, since the answer before it still runs: a transaction that rolls back. */
function refused() {
  const draft = { text: "Refused", conversationId: busy, parentId: null, key: null };
  return assert.rejects(questions.ask(userId, draft, WRITER), /still being written/);
}

test("a transaction that is rolled back takes nobody else's write along", async () => {
  const work = Array.from({ length: 10 }, refused);
  for (let step = 0; step < 200; step += 1) {
    await null;
    work.push(count());
  }
  await Promise.all(work);

  const { n } = app.database.prepare(`SELECT sum(tookMs) AS n ${OTHER}`).get() as { n: number };
  assert.equal(n, 200);
});

test("many transactions at once come one after the other, and all end", async () => {
  const asked = Array.from({ length: 30 }, (_, index) =>
    index % 2 === 0 ? refused() : ada.talk(`Question ${index}`),
  );
  await Promise.all(asked);
  assert.equal((await ada.get("/conversations")).all(".listing__link").length, 17);
  await ada.post("/clear");
});
