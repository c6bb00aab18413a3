import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { load } from "cheerio";
import { startApp } from "../../support/app.js";
import { lengthen } from "../../support/long-conversation.js";
import { unzipped } from "../../support/unzipped.js";
import type { Visitor } from "../../support/visitor.js";

const app = await startApp({ RATE_LIMITS: "on", LIMIT_ARCHIVES_PER_HOUR: "40" });

const cookieOf = ({ cookies }: Visitor) =>
  [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");

async function archiveOf(visitor: Visitor) {
  const response = await fetch(`${app.url}/account/archive`, {
    headers: { Cookie: cookieOf(visitor), "User-Agent": visitor.userAgent },
  });
  assert.equal(response.status, 200);
  return { response, files: await unzipped(Buffer.from(await response.arrayBuffer())) };
}

/** Puts so many conversations of one question and one answer into somebody's account. */
function fill(username: string, count: number) {
  app.database
    .prepare(
      `WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < @count)
       INSERT INTO Conversation (id, userId, title, updatedAt)
       SELECT @username || '-' || i, (SELECT id FROM User WHERE username = @username), 'Number ' || i,
         '2026-11-01T10:00:00.000+00:00' FROM n`,
    )
    .run({ username, count });
  app.database
    .prepare(
      `INSERT INTO Message (conversationId, role, body)
       SELECT id, 'question', 'Said in ' || title || hex(randomblob(2000)) FROM Conversation WHERE userId = (SELECT id FROM User WHERE username = ?)`,
    )
    .run(username);
}

test("the account page leads to everything of mine", async () => {
  const ada = await app.signedIn("ada");
  const page = await ada.get("/account");
  assert.equal(page.$("a[href='/account/archive']").length, 1);
});

test("an archive has all of mine as JSON and as Markdown, and an index that leads to both", async () => {
  const grace = await app.signedIn("grace");
  const eve = await app.signedIn("eve");
  await eve.talk("chaos:say Not yours.");
  const first = await grace.ask("chaos:say One.");
  await grace.settled(first);
  await grace.post(first, { _method: "PATCH", title: "A/b: 100% ü #1?" });
  const second = await grace.ask("chaos:say Two.");
  await grace.settled(second);
  await grace.post(`${second}/archiving`);
  const gone = await grace.ask("chaos:say Gone.");
  await grace.settled(gone);
  await grace.post(gone, { _method: "DELETE" });

  const { response, files } = await archiveOf(grace);
  const names = [...files.keys()];
  assert.deepEqual(names, [
    "conversations/00001 A-b- 100- ü #1.json",
    "conversations/00001 A-b- 100- ü #1.md",
    "conversations/00002 chaos-say Two.json",
    "conversations/00002 chaos-say Two.md",
    "index.html",
  ]);
  assert.equal(response.headers.get("content-type"), "application/zip");
  assert.match(
    String(response.headers.get("content-disposition")),
    /^attachment; filename="AIFacade grace \d{4}-\d\d-\d\d\.zip"$/,
  );
  assert.equal(response.headers.get("cache-control"), "no-store");

  assert.equal(files.get(names[0] ?? ""), (await grace.get(`${first}/export.json`)).html);
  assert.equal(files.get(names[1] ?? ""), (await grace.get(`${first}/export.md`)).html);
  const $ = load(files.get("index.html") ?? "");
  const links = $("a")
    .toArray()
    .map((link) => decodeURIComponent(String($(link).attr("href"))));
  assert.deepEqual(new Set(links), new Set(names.slice(0, -1)));
  assert.equal($("script").length, 0);
  assert.doesNotMatch([...files.values()].join(), /Not yours|Gone/);
});

test("somebody without conversations gets an archive that says so", async () => {
  const { files } = await archiveOf(await app.signedIn("new"));
  assert.deepEqual([...files.keys()], ["index.html"]);
  assert.match(files.get("index.html") ?? "", /<p>0 in all/);
});

test("2,000 conversations and one of 2,500 messages come whole, in little memory", async () => {
  const linus = await app.signedIn("linus");
  fill("linus", 2_000);
  lengthen(app, "linus-1", 2_500);
  const response = await fetch(`${app.url}/account/archive`, {
    headers: { Cookie: cookieOf(linus), "User-Agent": linus.userAgent },
  });

  const before = process.memoryUsage();
  let most = 0;
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    const { heapUsed, external } = process.memoryUsage();
    most = Math.max(most, heapUsed + external - before.heapUsed - before.external);
  }
  assert.ok(bytes > 8_000_000, `${bytes}`);
  assert.ok(most < 100_000_000, `${most}`);
});

test("who goes away in the middle ends the work, and may begin anew", async () => {
  const mary = await app.signedIn("mary");
  fill("mary", 3_000);
  const headers = { Cookie: cookieOf(mary), "User-Agent": mary.userAgent };
  const hanging = request(`${app.url}/account/archive`, { headers }).end();
  const [response] = await once(hanging, "response");
  response.pause();

  assert.equal((await mary.get("/account/archive")).status, 409);
  response.destroy();
  await once(hanging, "close");
  for (;;) {
    const page = await mary.request("/account/archive", { method: "HEAD" });
    if (page.status === 200) return;
    assert.equal(page.status, 409);
    await wait(100);
  }
});

test("archives are counted", async () => {
  const jean = await app.signedIn("jean");
  for (let taken = 0; taken < 40; taken += 1) await jean.get("/account/archive");
  const page = await jean.get("/account/archive");
  assert.equal(page.status, 429);
  assert.match(page.words("main"), /You may take an archive 40 times in an hour/);
});
