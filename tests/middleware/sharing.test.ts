import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../support/app.js";

const app = await startApp({ SHARING: "off" });
const ada = await app.signedIn("ada");
const path = await ada.ask("Shared?");
await ada.settled(path);

test("where sharing is switched off no link is offered, and none is made", async () => {
  assert.equal((await ada.get(path)).$("a[href$='/shares/new']").length, 0);
  assert.equal((await ada.get(`${path}/shares/new`)).status, 404);
  assert.equal((await ada.post(`${path}/shares`, { title: "x", days: "1", ids: "1" })).status, 404);
  assert.equal(app.database.prepare("SELECT count(*) FROM Share").pluck().get(), 0);
});

test("no link opens, whether it was one or not", async () => {
  const page = await app.visitor().get("/s/AAAAAAAAAAAAAAAAAAAAAA");
  assert.equal(page.status, 404);
  assert.match(page.words("main"), /On this server no conversations are shared\./);
  assert.equal((await ada.get("/s/AAAAAAAAAAAAAAAAAAAAAA/copies/new")).status, 404);
});

test("what was shared before can still be seen by its owner, and revoked", async () => {
  app.database
    .prepare(
      `INSERT INTO Share (id, tokenDigest, userId, title, showsName, showsReasoning, createdAt, takenAt)
       SELECT 'before', 'digest', id, 'From before', 0, 0, @now, @now FROM User`,
    )
    .run({ now: new Date().toISOString().replace("Z", "+00:00") });
  const page = await ada.get("/account/shares");
  assert.match(page.words(".notice"), /switched sharing off/);
  assert.equal((await ada.get("/account/shares/before")).$("form[action$='/links']").length, 0);
  assert.equal((await ada.post("/account/shares/before/links")).status, 404);
  const revoked = await ada.submit("/account/shares/before", { _method: "DELETE" });
  assert.equal(revoked.words(".badge"), "Revoked");
});
