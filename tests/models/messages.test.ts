import assert from "node:assert/strict";
import { test } from "node:test";
import { answerOn } from "../support/answers.js";
import { startApp } from "../support/app.js";
import * as scenario from "../support/fake-deepseek.js";
import { statementsOf } from "../support/statements.js";

const app = await startApp();
const ada = await app.signedIn("ada");

test("neither a page nor a question reads all messages there are", async () => {
  const page = await ada.talk("The first question");
  const conversation = String(page.field("conversation"));
  const statements = await statementsOf(async () => {
    const second = await ada.talk("The second question", { conversation });
    const id = answerOn(second);
    await ada.get(`/conversations/${conversation}?message=${id}`);
    await ada.post(`/messages/${id}/forks`);
    await ada.submit(`/messages/${Number(id) - 1}/versions`, { prompt: "Another second" });
    const third = await ada.settled(`/conversations/${conversation}`);
    await ada.get(String(third.$("[aria-label='Previous version']").attr("href")));
  });
  const prepared = statements.filter((sql) => /\bMessage\b/.test(sql) && /@\w/.test(sql));
  assert.ok(prepared.some((sql) => /SET readingId = @/.test(sql)));
  assertNoScan(prepared, 10);
});

// With two million messages a start took four seconds instead of one.
test("a start finds what was left running without reading all messages there are", async () => {
  app.fake.next(scenario.stall(2));
  await ada.ask("What is left running");
  const { takeOver } = await import("../../src/models/generations/left.js");
  const statements = await statementsOf(async () => {
    await takeOver(() => ({ adopted: [], lost: [] }));
  });
  assertNoScan(
    statements.filter((sql) => /\bMessage\b/.test(sql)),
    3,
  );
});

function assertNoScan(statements: string[], atLeast: number) {
  const different = new Set(statements);
  assert.ok(different.size >= atLeast, `${different.size} statements`);

  for (const sql of different) {
    for (const detail of planOf(sql)) assert.doesNotMatch(detail, /^SCAN (Message|shown)\b/, sql);
  }
}

function planOf(sql: string): string[] {
  const explained = app.database.prepare(`EXPLAIN QUERY PLAN ${sql.replace(/@\w+/g, "1")}`);
  return (explained.all() as { detail: string }[]).map(({ detail }) => detail);
}
