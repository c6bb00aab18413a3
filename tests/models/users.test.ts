import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../support/app.js";

const app = await startApp();
const users = await import("../../src/models/users.js");
const ada = await app.signedIn("ada");
const bob = await app.signedIn("bob");

test("the last administrator stays one, and stays in", async () => {
  await assert.rejects(users.demote("ada"), /last administrator/);
  await assert.rejects(users.suspend("ada"), /last administrator/);
  assert.match((await ada.get("/account")).words(".settings__who"), /Administrator/);
});

test("with a second administrator the first may go", async () => {
  await users.promote("bob");
  await users.demote("ada");
  assert.doesNotMatch((await ada.get("/account")).words(".settings__who"), /Administrator/);
  assert.match((await bob.get("/account")).words(".settings__who"), /Administrator/);
});

test("two administrators who remove each other at once leave one", async () => {
  await users.promote("ada");
  await Promise.allSettled([users.demote("ada"), users.demote("bob")]);
  const left = (await users.list()).filter((user) => user.administrator);

  assert.ok(left.length >= 1);
  await users.promote("ada");
  await users.promote("bob");
});

test("a suspended administrator does not count as one", async () => {
  await users.suspend("bob");
  await assert.rejects(users.demote("ada"), /last administrator/);
  await users.restore("bob");
});

test("who is suspended is out at once and cannot come back before being restored", async () => {
  await users.suspend("bob");
  assert.equal((await bob.get("/account")).status, 303);
  assert.equal((await bob.logIn("bob", "a plain test passphrase")).status, 401);

  await users.restore("bob");
  assert.equal((await bob.logIn("bob", "a plain test passphrase")).status, 303);
});

test("an answer that is being written for them stops", async () => {
  const { hold } = await import("../support/fake-deepseek.js");
  app.fake.next(hold(["Some words "], ["and more."]));
  const path = await bob.ask("A long question");
  const [source] = (await bob.get(path)).$("message-stream").toArray();
  let hear = () => {};
  const heard = new Promise<void>((resolve) => {
    hear = resolve;
  });
  const events = bob.events(String(source?.attribs.src), () => {
    hear();
    return false;
  });
  await heard;
  await users.suspend("bob");

  assert.equal((await events).at(-1)?.event, "gone");
  await users.restore("bob");
});

test("people are found whatever the case of their name", async () => {
  assert.equal((await users.named("ADA")).username, "ada");
  await assert.rejects(users.named("nobody"), /Nobody is called nobody/);
});
