import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD, startApp } from "../support/app.js";

const app = await startApp();
const disk = await import("../../src/stores/disk.js");
const { db } = await import("../../src/stores/database.js");
const { tryDisk, watchDisk } = await import("../../src/stores/disk-watch.js");
const ada = await app.signedIn("ada");

for (const [code, words] of [
  ["SQLITE_FULL", "The server's disk is full"],
  ["SQLITE_READONLY", "The server's disk can only be read"],
  ["SQLITE_READONLY_DBMOVED", "The server's disk can only be read"],
  ["SQLITE_IOERR_WRITE", "The server's disk fails to write"],
] as const) {
  test(`${code}: reading goes on with a banner, what is new waits with words, and all is well again by itself`, async () => {
    const known = await ada.talk("A known question");
    app.fake.forget();
    disk.noteDiskFailure(code);

    const page = await ada.get("/");
    assert.equal(page.status, 200);
    assert.ok(page.words(".banner--danger").startsWith(`${words}. You can read everything`));
    assert.equal(
      (await ada.get(`/conversations/${known.field("conversation")}`)).all(".message").length,
      2,
    );

    const sent = await ada.post("/chat", { prompt: "Typed with care" });
    assert.equal(sent.status, 503);
    assert.equal(sent.field("prompt")?.trim(), "Typed with care");
    assert.ok(sent.words(".field__error").startsWith(`${words}, so this has to wait.`));
    const action = String(known.$("form[action$=generations]").attr("action"));
    assert.equal((await ada.post(action)).status, 503);
    assert.equal(app.fake.requests.length, 0);

    const stranger = app.visitor();
    const login = await stranger.logIn("ada", PASSWORD);
    assert.equal(login.status, 503);
    assert.equal(login.field("username"), "ada");
    assert.ok(login.words(".notice").includes(words));
    const registration = await stranger.post("/register", { username: "eve", password: PASSWORD });
    assert.deepEqual([registration.status, registration.field("username")], [503, "eve"]);
    assert.match((await stranger.get("/login")).words(".banner"), /disk/);
    const ready = await stranger.get("/readyz");
    assert.deepEqual([ready.status, ready.html], [200, `read-only: ${words}`]);

    await watchDisk();
    assert.equal((await ada.get("/")).all(".banner").length, 0);
    assert.equal((await ada.post("/chat", { prompt: "Typed with care" })).status, 303);
    assert.equal((await stranger.get("/readyz")).html, "ok");
  });
}

for (const code of ["SQLITE_CONSTRAINT_UNIQUE", "SQLITE_IOERR_READ", "SQLITE_CORRUPT", "P2025"]) {
  test(`${code} is no reason to stop writing`, () => {
    assert.equal(disk.noteDiskFailure(code), null);
    assert.equal(disk.storageTrouble(), null);
  });
}

test("a disk that is nearly full keeps its rest for what runs and for deleting", async () => {
  const page = await ada.talk("To be deleted");
  disk.meet("low", "");
  assert.equal(disk.takesWrites(), true);
  assert.equal((await ada.post("/chat", { prompt: "More" })).status, 503);
  const deleted = await ada.post(`/conversations/${page.field("conversation")}`, {
    _method: "DELETE",
  });
  assert.equal(deleted.status, 303);
  disk.overcome();
});

test("whoever logs out is logged out, also while nothing can be written", async () => {
  const bob = await app.signedIn("bob");
  const before = new Map(bob.cookies);
  app.database.exec(
    "CREATE TRIGGER stuck BEFORE DELETE ON Session BEGIN SELECT raise(FAIL, 'stuck'); END",
  );
  disk.noteDiskFailure("SQLITE_FULL");
  assert.equal((await bob.post("/logout")).status, 303);
  for (const [name, value] of before) bob.cookies.set(name, value);
  assert.equal((await bob.get("/account")).location, "/login?next=%2Faccount");

  app.database.exec("DROP TRIGGER stuck");
  disk.overcome();
  const { sessionStore } = await import("../../src/stores/session-store.js");
  await sessionStore.writeTouched();
  assert.equal((await bob.get("/account")).location, "/login?next=%2Faccount");
});

// The last: nothing is written in this process any more.
test("after a failed sync nothing is written, reading goes on, and the server is told to stop, once", async () => {
  let told = 0;
  disk.onLostWrite(() => {
    told += 1;
  });
  const gone = disk.noteDiskFailure("SQLITE_IOERR_FSYNC");
  disk.noteDiskFailure("SQLITE_IOERR_FSYNC");
  await tryDisk();

  assert.equal(told, 1);
  assert.match(String(gone?.message), /disk has failed, and the server starts again/);
  await assert.rejects(async () => db.user.deleteMany({ where: { id: "nobody" } }), /starts again/);
  assert.equal((await ada.post("/chat", { prompt: "More" })).status, 503);
  assert.equal((await ada.get("/")).status, 200);
});
