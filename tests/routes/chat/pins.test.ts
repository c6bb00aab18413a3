import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../support/app.js";

const app = await startApp();
const ada = await app.signedIn("ada");

test("a pinned conversation stands first, under its own heading, until it is let go", async () => {
  const old = await ada.ask("An old one");
  await ada.settled(old);
  await ada.talk("A newer one");
  const pinned = await ada.submit(`${old}/pin`);

  assert.deepEqual(pinned.all(".sidebar__heading"), ["Pinned", "Today"]);
  assert.deepEqual(pinned.all(".sidebar__link"), ["An old one", "A newer one"]);
  assert.deepEqual((await ada.get("/conversations")).all(".listing__link"), [
    "An old one",
    "A newer one",
  ]);

  const unpinned = await ada.submit(`${old}/pin`, { _method: "DELETE" });
  assert.deepEqual(unpinned.all(".sidebar__heading"), ["Today"]);
  assert.deepEqual(unpinned.all(".sidebar__link"), ["A newer one", "An old one"]);
});

test("pinning and archiving exclude each other", async () => {
  const bob = await app.signedIn("bob");
  const path = await bob.ask("Here or there");
  await bob.settled(path);
  await bob.post(`${path}/pin`);
  await bob.post(`${path}/archiving`);
  assert.equal((await bob.get("/")).all(".sidebar__link").length, 0);

  const pinned = await bob.submit(`${path}/pin`);
  assert.deepEqual(pinned.all(".sidebar__heading"), ["Pinned"]);
  assert.equal((await bob.get("/archive")).all(".listing__link").length, 0);
});
