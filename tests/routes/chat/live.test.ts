import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { load } from "cheerio";
import { startApp } from "../../support/app.js";
import * as scenario from "../../support/fake-deepseek.js";
import type { Visitor } from "../../support/visitor.js";

const app = await startApp();
const ada = await app.signedIn("ada");

/** The page without JavaScript, as it comes; `until` waits for a text. */
async function watch(path: string, visitor = ada) {
  const headers = { Cookie: cookieOf(visitor), "User-Agent": visitor.userAgent };
  const response = await fetch(`${app.url}${path}/live`, { headers });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  const page = {
    status: response.status,
    html: "",
    ended: false,
    until,
    leave: () => reader.cancel(),
  };
  return page;

  async function until(text: string) {
    while (!page.html.includes(text)) {
      const { done, value } = await reader.read();
      if (done) page.ended = true;
      assert.ok(!done || text === "</html>", `the page ended without ${text}`);
      page.html += decoder.decode(value, { stream: true });
    }
  }
}

function cookieOf(visitor: Visitor): string {
  return [...visitor.cookies].map((pair) => pair.join("=")).join("; ");
}

test("the page of a growing answer takes browsers without JavaScript to where it grows", async () => {
  const held = scenario.hold(["Well, "], ["yes."]);
  app.fake.next(held);
  const path = await ada.ask("Is it?");
  const refresh = (html: string) =>
    load(load(html)("noscript").first().text())("meta").attr("content");

  assert.equal(refresh((await ada.get(path)).html), `0;url=${path}/live`);
  held.release();
  assert.equal((await ada.settled(path)).$("head noscript").length, 0);
});

test("it grows block by block, and ends with the way back", async () => {
  const held = scenario.hold(
    ["The first block.\n\n", "The second **block**.\n\n", "The"],
    [" third."],
  );
  app.fake.next(held);
  const path = await ada.ask("Three blocks, please");
  const page = await watch(path);
  await page.until("<p>The first block.</p><p>The second <strong>block</strong>.</p>");

  assert.equal(
    load(page.html)("form[action^='/generations/'] [name=_method]").attr("value"),
    "DELETE",
  );
  assert.match(page.html, /Three blocks, please/);
  assert.doesNotMatch(page.html, /third/);
  held.release();
  await page.until("</html>");
  assert.match(page.html, /<p>The third\.<\/p>/);
  assert.match(
    String(load(page.html)(".live__end a").attr("href")),
    new RegExp(`^${path}#message-\\d+$`),
  );
});

test("what it shows is what the conversation shows afterwards", async () => {
  const content =
    "# Title\n\nSee `array[0]`, [not] a link.\n\n- a\n- b\n\n```js\nlet a;\n```\n\nThe end.\n";
  app.fake.next(scenario.answer({ content, tokenMs: 15 }));
  const path = await ada.ask("Everything, please");
  const page = await watch(path);
  await page.until("</html>");
  const final = await ada.get(path);

  // Between two blocks there may be a line break, the sign of life.
  const body = (html: string) =>
    load(html)(".message--answer .message__body").html()?.trim().replace(/>\n+</g, "><");
  assert.equal(body(page.html), body(final.html));
});

test("a link whose address comes later waits for nobody, and is a link in the conversation", async () => {
  const content = "See [this].\n\nMore.\n\n[this]: https://example.com/\n";
  app.fake.next(scenario.answer({ content, tokenMs: 15 }));
  const path = await ada.ask("A late address, please");
  const page = await watch(path);
  await page.until("</html>");

  assert.match(load(page.html)(".message--answer .message__body").text(), /See \[this\]\./);
  assert.equal((await ada.get(path)).$(".message--answer .message__body a").length, 1);
});

test("Stop works from there, and the page ends with what happened", async () => {
  app.fake.next(scenario.stall(3));
  const path = await ada.ask("Will you stop?");
  const page = await watch(path);
  await page.until("Stop");
  const action = String(load(page.html)("form[action^='/generations/']").attr("action"));
  const stopped = await ada.submit(action, { _method: "DELETE" });
  await page.until("</html>");

  assert.equal(stopped.words(".outcome p"), "You stopped this answer.");
  assert.match(load(page.html)(".outcome").text(), /You stopped this answer\./);
});

test("a reader who leaves does not stop the answer", async () => {
  const held = scenario.hold(["Well, "], ["yes."]);
  app.fake.next(held);
  const path = await ada.ask("Still there?");
  const page = await watch(path);
  await page.until("Stop");
  await page.leave();
  held.release();

  assert.match(
    (await ada.settled(path)).words(".message--answer .message__body"),
    /^Well, and|^Well, yes/,
  );
});

test("a conversation that is deleted meanwhile ends the page", async () => {
  app.fake.next(scenario.stall(3));
  const path = await ada.ask("Delete this");
  const page = await watch(path);
  await page.until("Stop");
  await ada.post(path, { _method: "DELETE" });
  await page.until("</html>");
});

test("where nothing is being written it leads to the conversation", async () => {
  const path = await ada.ask("Done?");
  await ada.settled(path);
  assert.equal((await ada.get(`${path}/live`)).location, path);
});

test("whoever logs out elsewhere is told that the answer goes on, and not that the server ends", async () => {
  const bob = await app.signedIn("bob");
  app.fake.next(scenario.stall(3));
  const path = await bob.ask("Still there?");
  const page = await watch(path, bob);
  await page.until("Stop");
  await bob.post("/logout");
  await page.until("</html>");

  assert.match(load(page.html)(".outcome").text(), /You may have to log in again/);
  assert.doesNotMatch(page.html, /the server/);
});

test("a reader who never reads is cut off half a minute after the end", async (t) => {
  const { content, finish, DONE } = scenario.wire;
  const much = Array<object>(400).fill(content("& ".repeat(4_000)));
  app.fake.next(scenario.stream([...much, finish("stop"), DONE], { tokenMs: 1 }));
  const path = await ada.ask("Much, please");
  const reader = connect(Number(new URL(app.url).port), "127.0.0.1")
    .setEncoding("utf8")
    .pause();
  reader.on("error", () => {});
  const headers = `Host: test\r\nUser-Agent: ${ada.userAgent}\r\nCookie: ${cookieOf(ada)}`;
  reader.write(`GET ${path}/live HTTP/1.1\r\n${headers}\r\n\r\n`);
  const { setTimeout } = globalThis;
  t.mock.method(globalThis, "setTimeout", (work: () => void, ms: number, ...values: []) =>
    setTimeout(work, ms === 30_000 ? 300 : ms, ...values),
  );
  await ada.settled(path);
  await pause(1_000);

  let text = "";
  reader.on("data", (chunk) => {
    text += chunk;
  });
  reader.resume();
  await Promise.race([once(reader, "close"), pause(5_000)]);
  assert.ok(reader.closed);
  assert.ok(text.includes("&amp;") && !text.includes("</html>"));
});
