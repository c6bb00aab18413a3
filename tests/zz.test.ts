import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { startApp } from "./support/app.js";
const app = await startApp();
const { db } = await import("../src/stores/database.js");
test("x", async () => {
  await app.signedIn("ada"); 
  const u = await db.user.findFirst();
  const t0 = performance.now();
  const bad = db.$transaction(async (tx) => { await tx.user.findMany(); await wait(300); throw new Error("no"); }).catch(() => {});
  await wait(100);
  await db.user.updateMany({ where: { id: u!.id }, data: { username: "updateMany" } });
  console.log("updateMany done", performance.now() - t0);
  await db.$executeRaw`UPDATE User SET usernameKey = 'raw'`;
  console.log("raw done", performance.now() - t0);
  await db.session.deleteMany({});
  console.log("deleteMany done", performance.now() - t0);
  await bad;
  console.log(app.database.prepare("SELECT username, usernameKey, (SELECT count(*) FROM Session) s FROM User").all());
  // the same through a failing create of a question (nested write), many times
  let lost = 0; await db.user.updateMany({data:{suspendedAt:null}});
  for (let i = 0; i < 400; i++) {
    await db.user.updateMany({ data: { username: "before" } });
    const twin = db.user.create({ data: { id: `n${i}`, username: "x", usernameKey: `n${i}`, passwordDigest: "x", conversations: { create: [{ id: `a${i}`, title: "t", updatedAt: new Date() }, { id: `a${i}`, title: "t", updatedAt: new Date() }] } } }).catch(() => null);
    for (let j=0;j<(i%40)*3;j++) await null;
    if (i % 3 === 0) await new Promise(setImmediate);
    await db.user.updateMany({ data: { username: "after" } });
    await twin;
    const r = app.database.prepare("SELECT username FROM User WHERE id = ?").get(u!.id) as any;
    if (r.username !== "after") lost++;
  }
  console.log({ lost });
});
