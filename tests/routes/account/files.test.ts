import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../support/app.js";

const app = await startApp();
const ada = await app.signedIn("ada");
const file = (name: string, size: number) => new File(["x ".repeat(size / 2)], name);

test("the account page leads to one's files, of which there are none at first", async () => {
  const account = await ada.get("/account");
  assert.equal(account.$("a[href='/account/files']").length, 1);
  assert.match((await ada.get("/account/files")).words(".empty"), /listed here/);
});

test("one's own files are listed, the largest first, with where each is", async () => {
  const bob = await app.signedIn("bob");
  await bob.postFiles("/files", {}, [file("bobs.txt", 9_000)]);
  const { location } = await ada.postFiles("/chat", { prompt: "chaos:say Yes." }, [
    file("small.txt", 2_000),
    file("large.txt", 40_000),
  ]);
  await ada.settled(String(location));
  await ada.postFiles("/files", {}, [file("waiting.txt", 10_000)]);
  const page = await ada.get("/account/files");

  assert.deepEqual(page.all("tbody th"), ["large.txt", "waiting.txt", "small.txt"]);
  assert.deepEqual(page.all("tbody .table__number"), ["40 KB", "10 KB", "2 KB"]);
  assert.match(page.words(".settings__who"), /^52 KB of 200 MB\./);
  assert.deepEqual(page.all("tbody td:nth-child(2)"), [
    "chaos:say Yes.",
    "None, or in the trash",
    "chaos:say Yes.",
  ]);

  const place = await ada.get(String(page.$("tbody td a").attr("href")).replace(/#.*/, ""));
  assert.equal(place.words("h1"), "chaos:say Yes.");
  await ada.post(String(location), { _method: "DELETE" });
  assert.match(
    (await ada.get("/account/files")).words("tbody"),
    /large\.txt None, or in the trash/,
  );
});
