import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../support/app.js";
import { statementsOf } from "../support/statements.js";

const app = await startApp();
const ada = await app.signedIn("ada");

test("neither a page nor a question reads all messages there are", async () => {
  const page = await ada.talk("The first question");
  const conversation = String(page.field("conversation"));
  const statements = await statementsOf(async () => {
    await ada.talk("The second question", { conversation });
  });
  const prepared = new Set(statements.filter((sql) => /\bMessage\b/.test(sql) && /@\w/.test(sql)));
  assert.ok(prepared.size >= 6, `${prepared.size} statements`);

  for (const sql of prepared) {
    for (const detail of planOf(sql)) assert.doesNotMatch(detail, /^SCAN (Message|shown)\b/, sql);
  }
});

function planOf(sql: string): string[] {
  const explained = app.database.prepare(`EXPLAIN QUERY PLAN ${sql.replace(/@\w+/g, "1")}`);
  return (explained.all() as { detail: string }[]).map(({ detail }) => detail);
}
