import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { load } from "cheerio";
import { startApp } from "../../support/app.js";
import * as scenario from "../../support/fake-deepseek.js";
import { longConversation, say } from "../../support/long-conversation.js";
import { type Allowed, assertSafeHtml } from "../../support/safe-html.js";
import type { Page } from "../../support/visitor.js";
import { XSS_CORPUS } from "../../support/xss-corpus.js";

const app = await startApp();
const ada = await app.signedIn("ada");
const eve = await app.signedIn("eve");

const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
);
const FORMS = ["export.md", "export.json", "export.html"];

const idOf = (path: string) => path.split("/").at(-1) ?? "";
const wholeOf = (page: Page) => JSON.parse(page.html);

/** Two questions, the first of them with an older version. */
async function talked() {
  const path = await ada.ask("chaos:say Old.");
  const first = await ada.settled(path);
  const edit = String(first.$("a[href$='/versions/new']").attr("href"));
  await ada.submit(edit.replace("/new", ""), { prompt: "chaos:say New **bold** `code`." });
  await ada.settled(path);
  await ada.talk("chaos:say Further.", { conversation: idOf(path) });
  return path;
}

test("the menu of a conversation leads to its files and to a page for paper", async () => {
  const page = await ada.get(await talked());
  const links = page
    .$("#conversation-options .dialog__section a")
    .toArray()
    .map((link) => String(page.$(link).attr("href")).split("/").at(-1));
  assert.deepEqual(links, ["export.md", "export.html", "export.json", "print"]);
});

test("Markdown has the branch that is read", async () => {
  const { html } = await ada.get(`${await talked()}/export.md`);
  assert.match(html, /^# chaos:say Old\\.|^# chaos:say Old\./);
  assert.match(
    html,
    /## You\n\nchaos:say New \*\*bold\*\* `code`\.\n\n## DeepSeek Flash\n\n> \*Thought for/,
  );
  assert.match(html, /\n\nNew \*\*bold\*\* `code`\.\n\n## You\n/);
  assert.match(html, /## You\n\nchaos:say Further\.\n/);
  assert.equal(html.match(/^## /gm)?.length, 4);
  assert.equal(html.includes("\nOld."), false);
});

test("thoughts and a bad end are in the files, as they are on the page", async () => {
  app.fake.next(scenario.answer({ reasoning: "Let me\n\nsee.", content: "Half an" }));
  const path = await ada.ask("Think.");
  await ada.settled(path);
  app.database
    .prepare("UPDATE Message SET state = 'stopped' WHERE conversationId = ? AND role = 'answer'")
    .run(idOf(path));

  const markdown = (await ada.get(`${path}/export.md`)).html;
  assert.match(
    markdown,
    /\n> \*Thought for [^*]+\*\n>\n> Let me\n>\n> see\.\n\nHalf an\n\n\*You stopped this answer\.\*\n/,
  );
  const { $ } = await ada.get(`${path}/export.html`);
  assert.equal($("details.reasoning p").first().text(), "Let me");
  assert.equal($(".message__outcome").text(), "You stopped this answer.");
});

test("JSON has every branch, with what was said, when, by whom, and what it took", async () => {
  const path = await talked();
  const { format, version, conversation } = wholeOf(await ada.get(`${path}/export.json`));

  assert.deepEqual([format, version], ["aifacade", 2]);
  assert.equal(conversation.id, idOf(path));
  assert.equal(conversation.titledBy, "words");
  assert.deepEqual(
    conversation.messages.map(({ id, parentId }: Record<string, number>) => [id, parentId]),
    [
      [1, null],
      [2, 1],
      [3, null],
      [4, 3],
      [5, 4],
      [6, 5],
    ],
  );
  const answer = conversation.messages[3];
  assert.equal(answer.body, "New **bold** `code`.");
  assert.equal(answer.state, "complete");
  assert.ok(answer.model && answer.promptTokens > 0 && answer.tookMs >= 0);
  assert.ok(Date.parse(answer.createdAt) > 0);
});

test("files are in the JSON to the byte, named in Markdown, and a small picture is seen in HTML", async () => {
  const noise = Buffer.from(Array.from({ length: 600_000 }, (_, index) => (index * 7919) % 251));
  const large = Buffer.concat([PICTURE, noise]);
  const files = [
    new File(["caf\u00e9\r\n"], "a*b.txt"),
    new File([Uint8Array.from(PICTURE)], "dot.png"),
    new File([Uint8Array.from(large)], "large.png"),
  ];
  const asked = await ada.postFiles("/chat", { prompt: "chaos:say Seen." }, files);
  const path = String(asked.location);
  await ada.settled(path);

  const { conversation } = wholeOf(await ada.get(`${path}/export.json`));
  assert.deepEqual(conversation.messages[0].files, [1, 2, 3]);
  const [text, dot, big] = conversation.files;
  assert.equal(text.text, "caf\u00e9");
  assert.deepEqual(Buffer.from(text.content, "base64"), Buffer.from("caf\u00e9\r\n"));
  assert.deepEqual(Buffer.from(dot.content, "base64"), PICTURE);
  assert.deepEqual(Buffer.from(big.content, "base64"), large);
  assert.equal(big.sha256, createHash("sha256").update(large).digest("hex"));

  const markdown = (await ada.get(`${path}/export.md`)).html;
  assert.match(markdown, /## You\n\n- \*File: a\\\*b\.txt, 1 KB\*\n- \*File: dot\.png, 1 KB\*\n/);
  const html = await ada.get(`${path}/export.html`);
  assert.deepEqual(
    html
      .$("img")
      .toArray()
      .map((image) => html.$(image).attr("src")),
    [`data:image/png;base64,${PICTURE.toString("base64")}`],
  );
  assert.match(html.words(".paper__files"), /a\*b\.txt .*dot\.png .*large\.png/);
  const print = await ada.get(`${path}/print`);
  assert.equal(print.$("img[src$='/picture']").length, 2);
});

test("JSON says which branch is read, and what was pinned or archived", async () => {
  const path = await talked();
  const page = await ada.get(path);
  await ada.get(String(page.$(".siblings a[aria-label^=Previous]").attr("href")));
  await ada.post(`${path}/pin`);
  const { conversation } = wholeOf(await ada.get(`${path}/export.json`));
  assert.equal(conversation.reading, 2);
  assert.ok(conversation.pinnedAt);
  assert.equal(conversation.archivedAt, null);
});

test("an answer that is still being written leaves as far as it is", async () => {
  app.fake.next(scenario.hold(["Half"], [" whole"]));
  const path = await ada.ask("Go on?");
  const { conversation } = wholeOf(await ada.get(`${path}/export.json`));
  assert.equal(conversation.messages[1].state, "stopped");
  assert.equal((await ada.get(`${path}/export.html`)).status, 200);
  const running = (await ada.get(path)).$("form#stop").attr("action");
  await ada.post(String(running), { _method: "DELETE" });
});

test("a file is saved under a safe name, and is never a page of ours", async () => {
  const path = await talked();
  await ada.post(path, { _method: "PATCH", title: 'Brakes/../"x"; ü🚂' });

  for (const [form, type] of [
    ["export.md", "text/markdown"],
    ["export.json", "application/json"],
    ["export.html", "text/html"],
  ]) {
    const { headers, status } = await ada.get(`${path}/${form}`);
    assert.equal(status, 200);
    assert.match(String(headers.get("content-type")), new RegExp(`^${type}; charset=utf-8$`));
    assert.match(
      String(headers.get("content-disposition")),
      /^attachment; filename="Brakes-\.\.-x-; \?+\.\w+"; filename\*=UTF-8''Brakes-\.\.-x-%3B%20%C3%BC%F0%9F%9A%82\.\w+$/,
    );
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("cache-control"), "no-store");
    assert.match(String(headers.get("content-security-policy")), /sandbox/);
  }
});

test("the HTML file needs nothing but itself, and holds no script", async () => {
  const { html, $ } = await ada.get(`${await talked()}/export.html`);
  assert.equal($("script, link, img, iframe, form").length, 0);
  assert.doesNotMatch($("style").text(), /url\(|@import/);
  assert.match($("style").text(), /light-dark\(/);
  assert.match(
    String($("meta[http-equiv]").attr("content")),
    /^default-src 'none'; img-src data:; style-src 'sha256-/,
  );
  assert.deepEqual(
    $(".message__author")
      .toArray()
      .map((author) => $(author).text())
      .slice(0, 1),
    ["You"],
  );
  assert.match(html, /<strong>bold<\/strong>/);
  assert.match(html, /<code>code<\/code>/);
});

const PAPER: Allowed = {
  main: ["class"],
  article: ["class"],
  header: ["class"],
  details: ["class"],
  summary: [],
  time: ["datetime"],
  h1: ["class", "dir"],
  h2: ["class"],
  p: ["class"],
  div: ["class", "dir"],
};

test("whatever was asked or answered, the files run nothing", async () => {
  const path = await ada.ask("chaos:say Begin.");
  await ada.settled(path);
  say(app, idOf(path), XSS_CORPUS);
  app.database
    .prepare("UPDATE Conversation SET title = ? WHERE id = ?")
    .run(XSS_CORPUS[0], idOf(path));

  const { html } = await ada.get(`${path}/export.html`);
  const body = load(html)("body").html() ?? "";
  assertSafeHtml(body.trim(), { allow: PAPER });
  assert.equal(load(html)("title").text(), XSS_CORPUS[0]);
  const said = wholeOf(await ada.get(`${path}/export.json`)).conversation.messages;
  assert.deepEqual(
    said
      .filter(({ role }: { role: string }) => role === "question")
      .slice(1)
      .map(({ body }: { body: string }) => body),
    XSS_CORPUS,
  );
});

test("a page for paper has the whole branch, however long, and no buttons but its own", async () => {
  const { path } = await longConversation(app, ada, 200);
  const page = await ada.get(`${path}/print`);
  assert.equal(page.$(".message").length, 200);
  assert.equal(page.$(".message button:not([hidden]), .message form, .composer").length, 0);
  assert.equal(page.headers.get("content-disposition"), null);
});

test("nobody gets what is another's, what is deleted, or what is not there", async () => {
  const path = await talked();
  for (const form of [...FORMS, "print"]) {
    assert.equal((await eve.get(`${path}/${form}`)).status, 404);
    assert.equal((await ada.get(`/conversations/nothing/${form}`)).status, 404);
  }
  await ada.post(path, { _method: "DELETE" });
  for (const form of [...FORMS, "print"])
    assert.equal((await ada.get(`${path}/${form}`)).status, 404);
});

test("the page to print leaves thoughts out, or shows them unfolded", async () => {
  app.fake.next(scenario.answer({ reasoning: "Deep down", content: "Said." }));
  const path = await ada.ask("Think");
  await ada.settled(path);

  const plain = await ada.get(`${path}/print`);
  assert.equal(plain.$(".reasoning").length, 0);
  assert.doesNotMatch(plain.html, /Deep down/);
  const thoughtful = await ada.get(String(plain.$("a[href*=thoughts]").attr("href")));
  assert.match(thoughtful.words(".reasoning[open]"), /Deep down/);
  assert.equal(thoughtful.$(".paper__actions a").last().attr("href"), `${path}/print`);
});
