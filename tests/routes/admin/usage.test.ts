import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../support/app.js";
import { statementsOf } from "../../support/statements.js";

const app = await startApp();
const ada = await app.signedIn("ada");
const bob = await app.signedIn("bob");
app.database.exec("UPDATE Price SET validFrom = 0, peakWeek = ''");

test("before anybody has asked anything the page says so", async () => {
  assert.equal((await ada.get("/admin")).$('a[href="/admin/usage"]').length, 1);
  assert.match((await ada.get("/admin/usage")).words(".empty"), /Nobody has asked/);
});

test("administrators see what each person has used, and not what about", async () => {
  await ada.talk("Something public");
  const path = await bob.ask("A private matter");
  await bob.settled(path);
  await bob.talk("More of it", { conversation: path.split("/").at(-1) ?? "" });

  const page = await ada.get("/admin/usage");
  assert.deepEqual(page.rows("By person"), [
    "bob ≈ $0.000065 2 240 53 % 80",
    "ada ≈ $0.000033 1 120 53 % 40",
  ]);
  assert.deepEqual(page.rows("By model"), ["DeepSeek Flash ≈ $0.000098 3 360 53 % 120"]);
  assert.doesNotMatch(page.words("main"), /private|public/);
});

test("T-57 everything comes as CSV by person, day and model, in which no name is a formula", async () => {
  const ida = await app.signedIn("-1+2");
  await ida.talk("Counted");
  const link = (await ada.get("/admin/usage")).$("a[download]").attr("href");
  const file = await ada.get(String(link));
  const [head, ...lines] = file.html.trimEnd().split("\r\n");

  assert.match(String(file.headers.get("content-disposition")), /^attachment; .*\.csv"?$/);
  assert.match(String(head), /^Day,Person,Model,Requests,/);
  assert.deepEqual(
    lines.map((line) => line.replace(/^\d{4}-\d\d-\d\d,/, "")),
    [
      "'-1+2,deepseek-flash,1,0,120,64,40,10,USD,0.000032592",
      "ada,deepseek-flash,1,0,120,64,40,10,USD,0.000032592",
      "bob,deepseek-flash,2,0,240,128,80,20,USD,0.000065184",
    ],
  );
  assert.doesNotMatch(file.html, /private|public|Counted/);
  assert.equal((await bob.get(String(link))).status, 403);
  assert.equal((await ada.get("/admin/usage/csv?from=2026-11-05&to=2026-11-04")).status, 400);
});

test("for a few people the page takes at most six statements", async () => {
  const statements = await statementsOf(() => ada.get("/admin/usage"));
  assert.ok(statements.length > 1 && statements.length <= 6, statements.join("\n"));
});

test("days that cannot be are refused in words", async () => {
  const page = await ada.get("/admin/usage?from=2026-11-05&to=2026-11-04");
  assert.equal(page.status, 422);
  assert.match(page.words(".field__error"), /before the first/);
});
