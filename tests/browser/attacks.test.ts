import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { startApp } from "../support/app.js";
import { answer, ask, settled, stories } from "../support/browser.js";
import { withoutChromium } from "../support/chromium.js";
import * as scenario from "../support/fake-deepseek.js";
import { assertSafeHtml } from "../support/safe-html.js";
import { XSS_CORPUS } from "../support/xss-corpus.js";

const { wire } = scenario;
const app = await startApp();
const { indexWaiting } = await import("../../src/models/search/indexing.js");
const { story, signedIn } = stories(app);

const PER_ANSWER = 25;
const ANSWERS = batches(XSS_CORPUS);
// No form takes a NUL character.
const TYPED = XSS_CORPUS.filter((payload) => !payload.includes("\0"));
const QUESTIONS = batches(TYPED);
// What is drawn of a diagram is in a page of its own (diagrams.test.ts).
const DIAGRAM =
  /<iframe class="code__diagram" title="Diagram" loading="lazy" sandbox="allow-scripts" src="http:\/\/127\.0\.0\.1:\d+\/assets\/[\w-]+\/diagrams\/frame\.html"(?: style="block-size: [\d.]+px;")?><\/iframe>/g;
const OUR_EVENTS = ["snapshot", "message", "progress", "done"];
const FOREIGN = [
  "\uFEFFevent: execute\nid: 99\nretry: 0\n",
  wire.content("Begun\u0000 "),
  "event: done\rid: \u0000\rdata: ",
  `${JSON.stringify(wire.content("event: done\ndata: {}\n\nid: 7\r"))}\r\r`,
  wire.content("\uFEFF\u2028\u2029 and ended."),
  wire.finish("stop"),
  wire.DONE,
];

story("what a model sends runs nothing while it is written, nor afterwards", async (page) => {
  await setTrap(page);

  for (const [index, text] of ANSWERS.entries()) {
    app.fake.next(scenario.stream(inPieces(text, 5 + index), { tokenMs: 1 }));
    await page.goto("/");
    await ask(page, "Attack.");
    await settled(page);
    await assertInert(page);
    await page.reload();
    await assertInert(page);
  }
});

test("what a model sends fetches nothing without JavaScript either", {
  skip: withoutChromium,
}, async () => {
  const page = await signedIn("still target", { javaScriptEnabled: false });

  for (const text of ANSWERS) {
    const held = scenario.hold([text], ["\n\nThe end."]);
    app.fake.next(held);
    await page.goto("/");
    await page.fill("textarea[name=prompt]", "Attack.");
    await page.click("button[aria-label=Send]", { noWaitAfter: true });
    await page.waitForURL(/\/live$/, { waitUntil: "commit" });
    held.release();
    await page.getByText("Back to the conversation").click();
    await page.waitForURL(/#message-\d+$/);
    assertSafeHtml(await answer(page).locator(".message__body").innerHTML());
  }
});

story("a question is shown as it was typed, and its title runs nothing", async (page) => {
  await setTrap(page);

  for (const text of QUESTIONS) {
    app.fake.next(scenario.answer({ content: "Seen.", reasoning: text }));
    await page.goto("/");
    await ask(page, text);
    await settled(page);
    const shown = page.locator(".message--question .message__body");
    assert.equal(await shown.textContent(), text);
    assert.deepEqual(await page.evaluate("pwned"), []);
  }

  await indexWaiting();
  for (const word of ["alert", "img", "script", "svg"]) {
    await assertHarmless(page, `/search?q=${word}`);
    assert.ok((await page.locator(".hit mark").count()) > 0);
  }
});

story("names and titles run nothing, wherever they stand", async (page) => {
  const { id } = app.database.prepare("SELECT id FROM User ORDER BY rowid DESC").get() as {
    id: string;
  };
  app.database.prepare("UPDATE User SET username = ? WHERE id = ?").run(TYPED.join(), id);
  const title = app.database.prepare(
    "INSERT INTO Conversation (id, userId, title, updatedAt) VALUES (?, ?, ?, ?)",
  );
  const now = Date.now();
  for (const [index, text] of TYPED.entries()) title.run(`t${index}`, id, text, now - index);
  await setTrap(page);

  for (const path of ["/", "/account", "/account/password"]) await assertHarmless(page, path);
  for (let number = 1; number <= 10; number++)
    await assertHarmless(page, `/conversations?page=${number}`);
  assert.equal(await page.locator(".sidebar__name").textContent(), TYPED.join());
});

story("a name is only a name", async (page) => {
  const name = "<img src=x onerror=alert(1)>";
  const other = await signedIn(name);
  await setTrap(other);
  await assertHarmless(other, "/");
  assert.match(String(await other.textContent("h1")), /<img src=x/);
  await page.goto("/");
  assert.equal(await page.getByText(name).count(), 0);
});

story("names, ids and marks of the upstream's stream stay there", async (page) => {
  const client = await page.context().newCDPSession(page);
  const events: { eventName: string; eventId: string; data: string }[] = [];
  client.on("Network.eventSourceMessageReceived", (event) => events.push(event));
  await client.send("Network.enable");

  app.fake.next(scenario.stream(FOREIGN, { tokenMs: 300 }));
  await ask(page, "Whose events are these?");
  await settled(page);

  assert.match(await answer(page).innerText(), /Begun.*event: done.*and ended\./s);
  assert.ok(events.length > 2);
  for (const { eventName, eventId, data } of events) {
    assert.ok(OUR_EVENTS.includes(eventName), eventName);
    assert.match(eventId, /^(?:[\da-z]+-\d+)?$/);
    JSON.parse(data);
  }
});

story("only our own policy makes markup from text", async (page) => {
  // The browser complains of the attempt, as it should: a page nobody listens to.
  const unheard = await page.context().newPage();
  await unheard.goto("/");
  for (const attempt of [
    "document.body.innerHTML = 'x'",
    "document.body.insertAdjacentHTML('beforeend', 'x')",
    "document.write('x')",
    "trustedTypes.createPolicy('other', {})",
    "trustedTypes.createPolicy('aifacade', {})",
    "document.createElement('script').text = 'x'",
  ]) {
    await assert.rejects(unheard.evaluate(attempt), /TrustedHTML|TrustedScript|policy/i, attempt);
  }
});

story("after logging out the Back button shows nothing private", async (page) => {
  app.fake.next(scenario.answer({ content: "A private answer." }));
  await ask(page, "A private question");
  await settled(page);
  await page.getByRole("button", { name: "Log out" }).click();
  await page.waitForURL(/\/login/);
  await page.goBack();

  await page.waitForURL(/\/login/);
  assert.doesNotMatch(await page.content(), /private/);
});

story("an answer that lost its connection is whole when it is back", async (page) => {
  const held = scenario.hold(["one ", "two "], ["three ", "four."]);
  app.fake.next(held);
  const unheard = await page.context().newPage();
  await unheard.goto("/");
  await ask(unheard, "Count.");
  await unheard.getByText("one two").waitFor();

  await page.context().setOffline(true);
  // Being offline only refuses new connections; this is what a browser says after a change of network.
  await unheard.evaluate("dispatchEvent(new Event('online'))");
  held.release();
  await unheard.getByText("Reconnecting…").waitFor();
  await page.context().setOffline(false);
  await settled(unheard);
  assert.equal(await answer(unheard).locator(".message__body").innerText(), "one two three four.");
});

function batches(payloads: readonly string[]): string[] {
  const count = Math.ceil(payloads.length / PER_ANSWER);
  return Array.from({ length: count }, (_, index) =>
    payloads.slice(index * PER_ANSWER, (index + 1) * PER_ANSWER).join("\n\n"),
  );
}

function inPieces(text: string, length: number): object[] {
  const pieces = text.match(new RegExp(`[^]{1,${length}}`, "g")) ?? [];
  return [wire.opening(), ...pieces.map(wire.content), wire.finish("stop")];
}

// The corpus calls alert(1); the page's own policy would not let a trap be set from within.
async function setTrap(page: Page) {
  await page.addInitScript("window.pwned = []; window.alert = (x) => window.pwned.push(x)");
}

async function assertInert(page: Page) {
  const html = await answer(page).locator(".message__body").innerHTML();
  assertSafeHtml(html.replace(DIAGRAM, "").replace(/(<pre[^>]*) hidden=""/g, "$1"));
  assert.deepEqual(await page.evaluate("pwned"), []);
}

async function assertHarmless(page: Page, path: string) {
  await page.goto(path);
  assert.deepEqual(await page.evaluate("pwned"), [], path);
  assert.equal(await page.locator("main :is(script, img, iframe, object, base)").count(), 0, path);
}
