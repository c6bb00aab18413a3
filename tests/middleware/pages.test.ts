import assert from "node:assert/strict";
import { test } from "node:test";
import { type CheerioAPI, load } from "cheerio";
import type { Element } from "domhandler";
import { startApp } from "../support/app.js";
import { send } from "../support/raw.js";
import { XSS_CORPUS } from "../support/xss-corpus.js";

const app = await startApp();
const ada = await app.signedIn("ada");
await ada.get("/");
const path = await ada.ask("Hello?");
await ada.settled(path);

// HTML itself turns a carriage return into a line feed and knows no NUL; neither do our forms.
const HOSTILE = XSS_CORPUS.filter((text) => !/[\0\r]/.test(text));
const BREAKOUT = `"'><script>alert(1)</script><b x="`;

// Every element with the names of its attributes: what an injection would have to change.
function skeleton($: CheerioAPI): string[] {
  return $<Element, string>("*")
    .toArray()
    .map((element) => `${element.name} ${Object.keys(element.attribs).join(" ")}`);
}

let writes = 0;

function write(text: string) {
  app.database.prepare("UPDATE User SET username = ?").run(text);
  app.database.prepare("UPDATE Conversation SET title = ?").run(text);
  app.database
    .prepare("UPDATE Message SET body = ?, writtenAt = ? WHERE role = 'question'")
    .run(text, ++writes);
}

test("names, titles and questions are text, whatever they hold", async () => {
  write("harmless");
  const expected = skeleton((await ada.get(path)).$);

  for (const text of HOSTILE) {
    write(text);
    const page = await ada.get(path);
    assert.deepEqual(skeleton(page.$), expected, text);
    assert.equal(page.$(".sidebar__name").text(), text);
    assert.equal(page.$("h1").text(), text);
    assert.equal(page.$(".message--question .message__body").text(), text);
    assert.equal(page.$("title").text(), `${text} · AIFacade`);
  }
});

test("what is typed into a refused form comes back as text", async () => {
  const visitor = app.visitor();
  const fields = { password: "", prompt: "harmless", author: "harmless" };
  const expected = skeleton((await visitor.post("/login", { username: "x", ...fields })).$);

  for (const text of HOSTILE) {
    const page = await visitor.post("/login", {
      ...{ username: text, password: "", prompt: text, author: text },
      ...{ next: text, conversation: "" },
    });
    assert.deepEqual(skeleton(page.$), expected, text);
    assert.equal(page.field("username"), text);
    assert.equal(page.field("prompt"), text);
  }
});

test("a refused question comes back byte for byte", async () => {
  for (const text of [
    "\n\nTwo empty lines first",
    "</textarea><script>alert(1)</script>",
    " x\t",
  ]) {
    const prompt = text.padEnd(32_001, "x");
    const page = await ada.post("/chat", { prompt });
    assert.equal(page.$("textarea[name=prompt]").text(), prompt);
  }
});

test("nothing that a browser sends along appears on a page unescaped", async () => {
  const names = ["Accept-Language", "User-Agent", "Referer", "X-Forwarded-Host", "X-Forwarded-For"];
  const headers = Object.fromEntries(names.map((name) => [name, BREAKOUT]));
  const query = `?next=${encodeURIComponent(BREAKOUT)}&page=${encodeURIComponent(BREAKOUT)}`;

  for (const page of ["/login", "/register", "/logout", "/nowhere", `/${encodeURI(BREAKOUT)}`]) {
    const { text } = await send(app.url, page + query, {
      headers: { ...headers, Host: "evil.example", Cookie: `aifacade-theme=${BREAKOUT}` },
    });
    assert.doesNotMatch(text, /<script>|evil\.example/, page);
    assert.equal(load(text)("[x]").length, 0, page);
  }
});

test("a logged-in page with many words in its address keeps them out, too", async () => {
  for (const page of ["/conversations", path, "/account", "/nowhere"]) {
    const query = `?page=${encodeURIComponent(BREAKOUT)}&message=${encodeURIComponent(BREAKOUT)}`;
    const { html } = await ada.get(page + query);
    assert.doesNotMatch(html, /<script>/, page);
  }
});

test("a page shows only what is one's own", async () => {
  const bob = await app.signedIn("bob");
  write("ada's very own words");
  app.database
    .prepare("UPDATE User SET username = 'bob' WHERE id <> (SELECT userId FROM Conversation)")
    .run();

  for (const page of ["/", "/conversations", "/account", path, "/nowhere"]) {
    assert.doesNotMatch((await bob.get(page)).html, /very own words/, page);
  }
});
