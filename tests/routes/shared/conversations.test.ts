import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { startApp } from "../../support/app.js";
import * as scenario from "../../support/fake-deepseek.js";
import { say } from "../../support/long-conversation.js";
import { send } from "../../support/raw.js";
import { assertSafeHtml } from "../../support/safe-html.js";
import { share } from "../../support/sharing.js";
import { statementsOf } from "../../support/statements.js";
import { XSS_CORPUS } from "../../support/xss-corpus.js";

const app = await startApp();
const ada = await app.signedIn("ada");
const bob = await app.signedIn("bob");
const idOf = (path: string) => String(path.split("/").at(-1));
const PASSWORD = "between you and me";

type Fields = Record<string, string>;

/** A link to a question and its answer, under these conditions. */
async function shared(conditions: Fields = {}, content = "An answer.", question = "A question?") {
  app.fake.next(scenario.answer({ content }));
  const path = await ada.ask(question);
  await ada.settled(path);
  return share(ada, path, (fields) => {
    for (const [name, value] of Object.entries(conditions)) fields.set(name, value);
  });
}

function viewsOf(own: string): number {
  return app.database
    .prepare("SELECT views FROM Share WHERE id = ?")
    .pluck()
    .get(idOf(own)) as number;
}

test("anybody with the link reads it: no script, no cookie, no index, nothing to refer to", async () => {
  const { link } = await shared();
  const reader = app.visitor();
  const page = await reader.get(link);

  assert.equal(page.status, 200);
  assert.deepEqual(page.all(".message__body"), ["A question?", "An answer."]);
  assert.equal(page.$("script").length, 0);
  assert.equal(page.headers.get("set-cookie"), null);
  assert.equal(reader.cookies.size, 0);
  assert.match(page.headers.get("x-robots-tag") ?? "", /^noindex/);
  assert.match(page.$("meta[name=robots]").attr("content") ?? "", /^noindex/);
  assert.equal(page.headers.get("referrer-policy"), "no-referrer");
  assert.equal(page.headers.get("cache-control"), "no-cache");
  assert.doesNotMatch(page.headers.get("content-security-policy") ?? "", /script-src|connect-src/);
  assert.match(
    page.headers.get("content-security-policy") ?? "",
    /default-src 'none'.*frame-ancestors 'none'/,
  );
});

test("the page and all that it links to are a few kilobytes", async () => {
  const { link } = await shared({}, "Some **words**. ".repeat(40));
  const reader = app.visitor();
  const page = await reader.get(link);
  const files = page
    .$("link[rel=stylesheet]")
    .toArray()
    .map(({ attribs }) => String(attribs.href));
  const sheets = await Promise.all(files.map((file) => reader.get(file)));

  assert.ok(sheets.every(({ status }) => status === 200));
  assert.ok(gzipSync(page.html).length < 3_000, `page: ${gzipSync(page.html).length}`);
  const css = sheets.reduce((sum, { html }) => sum + gzipSync(html).length, 0);
  assert.ok(css < 10_000, `stylesheets: ${css}`);
});

test("it takes few statements, and the same page whoever reads it", async () => {
  const { link } = await shared();
  const statements = await statementsOf(() => app.visitor().get(link));
  assert.ok(statements.length <= 6, statements.join("\n"));
  const pages = [app.visitor(), bob, ada].map((reader) => reader.get(link));
  const [first, ...others] = (await Promise.all(pages)).map(({ html }) => html);
  for (const html of others) assert.equal(html, first);
});

test("what models and people write is inert there", async () => {
  const corpus = XSS_CORPUS.filter((text) => !/[\0\r]/.test(text));
  // A link holds 300 messages.
  for (const texts of [corpus.slice(0, 140), corpus.slice(140)]) {
    const path = await ada.ask("A question?");
    await ada.settled(path);
    say(app, idOf(path), texts);
    const { link } = await share(ada, path, (fields) => fields.set("reasoning", "on"));

    const page = await app.visitor().get(link);
    const bodies = page.$(".message--answer .markdown").toArray();
    assert.ok(bodies.length > texts.length);
    for (const body of bodies) assertSafeHtml(page.$(body).html() ?? "");
    assert.equal(page.$("script, img:not(.brand img), iframe, object, embed, base").length, 0);
    const questions = page.$(".message--question .message__body").toArray();
    assert.deepEqual(
      questions.slice(1).map((question) => page.$(question).text()),
      texts,
    );
  }
});

test("a title and a name are text there, too", async () => {
  const hostile = "</title><script>alert(1)</script><img src=x onerror=alert(1)>";
  const { link } = await shared({ title: hostile, name: "on" });
  app.database.prepare("UPDATE User SET username = ? WHERE username = 'ada'").run(hostile);
  const page = await app.visitor().get(link);
  app.database.prepare("UPDATE User SET username = 'ada' WHERE username = ?").run(hostile);

  assert.equal(page.words("h1"), hostile);
  assert.equal(page.words(".shared__head bdi"), hostile);
  assert.equal(page.$("script, main img").length, 0);
});

test("HTML of an older renderer is rendered anew, and kept", async () => {
  const { link, own } = await shared();
  app.database
    .prepare(
      "UPDATE SharedMessage SET html = '<b onclick=x>old</b>', rendererVersion = 0 WHERE shareId = ?",
    )
    .run(idOf(own));
  assert.equal(
    (await app.visitor().get(link)).$(".message--answer .message__body").html(),
    "<p>An answer.</p>",
  );

  const kept = app.database.prepare(
    "SELECT html FROM SharedMessage WHERE shareId = ? AND place = 2",
  );
  assert.equal(kept.pluck().get(idOf(own)), "<p>An answer.</p>");
});

test("a link that is not there, was never one, or is malformed is nothing, all alike", async () => {
  const { link } = await shared();
  const never = await app.visitor().get("/s/AAAAAAAAAAAAAAAAAAAAAA");
  assert.equal(never.status, 404);
  assert.equal(never.$("script").length, 0);
  assert.match(never.headers.get("x-robots-tag") ?? "", /^noindex/);

  for (const token of [
    "x",
    "null",
    "%00",
    "%27",
    idOf(link).toUpperCase(),
    `${idOf(link)}%20`,
    "x".repeat(4000),
  ]) {
    for (const page of [
      await app.visitor().get(`/s/${token}`),
      await app.visitor().post(`/s/${token}`, { password: "x" }),
    ]) {
      assert.equal(page.status, 404, token);
      assert.equal(page.html, never.html);
    }
  }
});

test("it ends when its time is over", async () => {
  const { link, own } = await shared({ days: "1" });
  const row = app.database.prepare("SELECT expiresAt FROM Share WHERE id = ?").pluck();
  const hours = (Date.parse(String(row.get(idOf(own)))) - Date.now()) / 3_600_000;
  assert.ok(hours > 23.9 && hours <= 24);

  app.database
    .prepare("UPDATE Share SET expiresAt = ? WHERE id = ?")
    .run(new Date(Date.now() - 1).toISOString().replace("Z", "+00:00"), idOf(own));
  const page = await app.visitor().get(link);
  assert.equal(page.status, 410);
  assert.match(page.words("main"), /limited time, which is over/);
});

test("with a password it opens to that alone", async () => {
  const { link, own } = await shared({ password: PASSWORD });
  const reader = app.visitor();
  const door = await reader.get(link);
  assert.equal(door.status, 200);
  assert.doesNotMatch(door.html, /An answer|A question/);
  assert.equal(door.headers.get("cache-control"), "no-store");
  // Else a browser on plain http would send "Origin: null" with the form, and be refused.
  assert.equal(door.headers.get("referrer-policy"), "same-origin");

  for (const fields of [
    {},
    { password: "" },
    { password: "wrong" },
    { password: PASSWORD.toUpperCase() },
  ] as Fields[]) {
    const refused = await reader.post(link, fields);
    assert.equal(refused.status, 401);
    assert.match(refused.words("[role=alert]"), /not the password/);
    assert.doesNotMatch(refused.html, /An answer|A question/);
  }
  assert.equal(viewsOf(own), 0);

  const opened = await reader.post(link, { password: PASSWORD });
  assert.deepEqual(opened.all(".message__body"), ["A question?", "An answer."]);
  assert.equal(opened.headers.get("cache-control"), "no-store");
  assert.equal(opened.headers.get("set-cookie"), null);
  assert.equal(viewsOf(own), 1);
});

test("of 50 who open a link of 10 views at once, 10 read it", async () => {
  const { link, own } = await shared({ views: "10" });
  const pages = await Promise.all(Array.from({ length: 50 }, () => app.visitor().post(link)));

  assert.equal(pages.filter(({ status }) => status === 200).length, 10);
  assert.ok(pages.every(({ status }) => status === 200 || status === 410));
  assert.equal(viewsOf(own), 10);
  const page = await app.visitor().get(link);
  assert.match(page.words("main"), /limited number of times, and has been/);
});

test("whatever fetches a limited link without pressing its button uses nothing up", async () => {
  const { link, own } = await shared({ views: "1" });
  for (let time = 0; time < 5; time += 1) {
    const door = await app.visitor().get(link);
    assert.match(door.words("main"), /limited number of times, and this counts/);
    assert.doesNotMatch(door.html, /An answer/);
  }
  assert.equal(viewsOf(own), 0);
  assert.equal(
    (await app.visitor().post(link)).words(".message--answer .message__body"),
    "An answer.",
  );
});

test("a link without conditions counts who looks at it: no HEAD, and nothing that is fetched ahead", async () => {
  const { link, own } = await shared();
  await app.visitor().request(link, { method: "HEAD" });
  await app.visitor().get(link, { "Sec-Purpose": "prefetch;prerender" });
  assert.equal(viewsOf(own), 0);
  await app.visitor().get(link);
  await app.visitor().get("/healthz");
  assert.equal(viewsOf(own), 1);
  assert.equal((await app.visitor().post(link)).location, link);
});

test("reading is all that a reader can do", async () => {
  const { link, own } = await shared();
  for (const reader of [app.visitor(), bob, ada]) {
    for (const method of ["PUT", "PATCH", "DELETE"]) {
      const page = await reader.request(link, { method, headers: { Origin: app.url } });
      assert.equal(page.status, 404, method);
    }
    assert.equal((await reader.post(link, { _method: "DELETE" })).status, 404);
  }
  const digest = app.database.prepare("SELECT tokenDigest FROM Share WHERE id = ?").pluck();
  assert.equal((await app.visitor().get(`/s/${digest.get(idOf(own))}`)).status, 404);
  assert.equal((await app.visitor().get(`/s/${idOf(own)}`)).status, 404);
  assert.equal((await app.visitor().get(link)).status, 200);
});

test("another site neither embeds it nor opens it with a form, a link from there does", async () => {
  const { link } = await shared({ views: "3" });
  const foreign = { "Sec-Fetch-Site": "cross-site" };
  const embedded = { ...foreign, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe" };
  const clicked = { ...foreign, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document" };

  assert.equal(
    (await app.visitor().post(link, {}, { Origin: "https://evil.example" })).status,
    403,
  );
  // Node's own fetch says itself what mode it asks in.
  assert.equal((await send(app.url, link, { headers: embedded })).status, 403);
  assert.equal((await send(app.url, link, { headers: clicked })).status, 200);
});

test("who is suspended shares nothing meanwhile", async () => {
  const { link } = await shared();
  const suspend = app.database.prepare("UPDATE User SET suspendedAt = ? WHERE username = 'ada'");
  suspend.run("2026-01-01T00:00:00.000+00:00");
  assert.equal((await app.visitor().get(link)).status, 410);
  suspend.run(null);
  assert.equal((await app.visitor().get(link)).status, 200);
});

test("with the owner all that they shared goes", async () => {
  const carol = await app.signedIn("carol");
  const path = await carol.ask("Gone with me?");
  await carol.settled(path);
  const { link } = await share(carol, path);
  app.database.pragma("foreign_keys = ON");
  app.database.exec("DELETE FROM User WHERE username = 'carol'");
  assert.equal((await app.visitor().get(link)).status, 404);
});

test("what a stranger sends along appears nowhere on these pages", async () => {
  const { link } = await shared({ password: PASSWORD });
  const breakout = `"'><script>alert(1)</script>`;
  for (const path of [link, "/s/unknown", `/s/${encodeURIComponent(breakout)}`]) {
    const headers = { Host: "evil.example", Referer: breakout, "Accept-Language": breakout };
    const { text } = await send(app.url, `${path}?x=${encodeURIComponent(breakout)}`, { headers });
    assert.doesNotMatch(text, /<script>|evil\.example/);
  }
});
