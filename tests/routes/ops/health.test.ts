import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../support/app.js";

const app = await startApp();

function writeHistory(names: string[]) {
  app.database.exec("DELETE FROM _prisma_migrations");
  const insert = app.database.prepare(
    "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES (?, '', ?, 1)",
  );
  for (const name of names) insert.run(name, name);
}

async function readiness(): Promise<string> {
  const page = await app.visitor().get("/readyz");
  return `${page.status} ${page.html}`;
}

test("alive is alive, and says no more", async () => {
  const page = await app.visitor().get("/healthz");
  assert.equal(`${page.status} ${page.html}`, "200 ok");
  assert.equal(page.headers.getSetCookie().length, 0);
});

test("ready is a database with every migration", async () => {
  const { pendingMigrations } = await import("../../../src/stores/migrations.js");
  writeHistory([]);
  const all = pendingMigrations();

  assert.equal(await readiness(), "503 not ready");
  writeHistory(all);
  assert.equal(await readiness(), "200 ok");
});

test("a database of a newer version is not ready, and no error either", async () => {
  writeHistory(["99990101000000_from_the_future"]);
  assert.equal(await readiness(), "503 not ready");
});

test("a database without its tables is not ready, but the process is alive", async () => {
  app.database.exec("ALTER TABLE User RENAME TO Elsewhere");
  assert.equal(await readiness(), "503 not ready");
  assert.equal((await app.visitor().get("/healthz")).status, 200);
  app.database.exec("ALTER TABLE Elsewhere RENAME TO User");
});
