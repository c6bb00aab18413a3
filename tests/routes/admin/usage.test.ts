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

test("for a few people the page takes at most six statements", async () => {
  const statements = await statementsOf(() => ada.get("/admin/usage"));
  assert.ok(statements.length > 1 && statements.length <= 6, statements.join("\n"));
});

test("days that cannot be are refused in words", async () => {
  const page = await ada.get("/admin/usage?from=2026-11-05&to=2026-11-04");
  assert.equal(page.status, 422);
  assert.match(page.words(".field__error"), /before the first/);
});
