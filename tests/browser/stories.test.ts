import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { startApp } from "../support/app.js";
import { answer, ask, intercept, settled, stories } from "../support/browser.js";
import * as scenario from "../support/fake-deepseek.js";

const { resolvers, wire } = scenario;
const app = await startApp();
const { story } = stories(app);

story("an answer appears as it is written, and the page is never loaded again", async (page) => {
  const held = scenario.hold(["The answer ", "begins"], [" and ends."]);
  app.fake.next(held);
  await ask(page, "Tell me.");
  await page.getByText("The answer begins").waitFor();
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));

  held.release();
  await page.getByText("The answer begins and ends.").waitFor();
  await settled(page);
  assert.equal(await page.evaluate(() => "sameDocument" in window), true);
  assert.equal(await page.locator("button[aria-label=Send]").isVisible(), true);
});

story("Escape stops an answer, and its text does not grow back", async (page) => {
  app.fake.next(scenario.hold(["So far "], ["never seen"]));
  await ask(page, "Stop me.");
  await page.getByText("So far").waitFor();
  await page.keyboard.press("Escape");

  await page.locator(".outcome", { hasText: "You stopped this answer." }).waitFor();
  await page.reload();
  assert.match(await answer(page).innerText(), /So far/);
  assert.doesNotMatch(await answer(page).innerText(), /never seen/);
});

story("an answer can be stopped before its first word", async (page) => {
  app.fake.next(scenario.stall(0));
  await ask(page, "Anybody there?");
  await page.click("button[aria-label='Stop the answer']");
  await page.locator(".outcome", { hasText: "You stopped this answer." }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Try again" }).isVisible(), true);
});

story("a page that is reloaded in the middle has the text so far, and goes on", async (page) => {
  const held = scenario.hold(["one ", "two "], ["three."]);
  app.fake.next(held);
  await ask(page, "Count.");
  await page.getByText("one two").waitFor();
  await page.reload();
  await page.getByText("one two").waitFor();

  held.release();
  await page.getByText("one two three.").waitFor();
});

story("a second tab follows the same answer", async (page) => {
  const held = scenario.hold(["shared "], ["by both."]);
  app.fake.next(held);
  await ask(page, "For two.");
  const second = await page.context().newPage();
  await second.goto(page.url());
  await second.getByText("shared", { exact: true }).waitFor();

  held.release();
  await Promise.all([page, second].map((tab) => tab.getByText("shared by both.").waitFor()));
});

story("an answer goes on while nobody looks", async (page) => {
  const held = scenario.hold(["begun "], ["and finished alone."]);
  app.fake.next(held);
  await ask(page, "Go on without me.");
  const address = page.url();
  await page.goto("about:blank");
  held.release();
  await page.goto(address);

  await page.getByText("begun and finished alone.").waitFor();
});

story("clearing the history asks first, then says so", async (page) => {
  await ask(page, "Soon forgotten.");
  await settled(page);
  await page.goto("/account");
  await page.locator("main").getByRole("button", { name: "Clear chat history" }).click();
  assert.equal(
    await page.locator("main").getByText("until then the trash gives them back").isVisible(),
    true,
  );
  await page.locator("main form[action='/clear'] button[type=submit]").click();

  await page.getByText("Chat history cleared").waitFor();
  assert.equal(await page.locator(".sidebar__link").count(), 0);
});

story("regenerating gives a second version, and both can be read", async (page) => {
  await ask(page, "chaos:say First version.");
  await settled(page);
  app.fake.next(scenario.answer({ content: "Second version." }));
  await answer(page).getByRole("button", { name: "Regenerate this answer" }).click();
  await page.getByText("Second version.").waitFor();
  await page.getByText("2/2").waitFor();

  await page.getByRole("link", { name: "Previous version" }).click();
  await page.getByText("First version.", { exact: true }).waitFor();
  assert.equal(await page.getByText("Second version.").count(), 0);
});

story("Shift+Enter breaks a line, Enter sends", async (page) => {
  await page.fill("textarea[name=prompt]", "one");
  await page.press("textarea[name=prompt]", "Shift+Enter");
  await page.keyboard.type("two");
  await page.keyboard.press("Enter");
  await page.waitForURL(/conversations/);
  assert.equal(await page.locator(".message--question .message__body").innerText(), "one\ntwo");
});

story("a reader who scrolled up is left alone", async (page) => {
  const lines = Array.from({ length: 60 }, (_, line) => `Line ${line}.\n\n`);
  const held = scenario.hold(lines, lines);
  app.fake.next(held);
  await ask(page, "A long one.");
  await page.getByText("Line 59.").waitFor();
  await page.mouse.move(600, 300);
  await page.mouse.wheel(0, -800);
  await page.waitForFunction(
    () => scrollY + innerHeight < document.documentElement.scrollHeight - 300,
  );
  const before = await page.evaluate(() => scrollY);

  held.release();
  await settled(page);
  assert.equal(await page.evaluate(() => scrollY), before);
});

story("a code block is copied as it was written", async (page) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  app.fake.next(scenario.answer({ content: "```js\nconst a = '<b>';\n```" }));
  await ask(page, "Code, please.");
  await settled(page);
  await page.locator("figure.code copy-button button").click();
  await page.locator("copy-button[data-state=copied]").waitFor();

  assert.equal(
    (await page.evaluate(() => navigator.clipboard.readText())).trim(),
    "const a = '<b>';",
  );
});

story("a code block is saved as a file, wrapped and unfolded", async (page) => {
  const code = "let a = 1; // <b>\n".repeat(100);
  app.fake.next(scenario.answer({ content: `\`\`\`ts\n${code}\`\`\`` }));
  await ask(page, "A long one, please.");
  await settled(page);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download" }).click(),
  ]);
  assert.equal(download.suggestedFilename(), "code.ts");
  assert.equal(readFileSync(await download.path(), "utf8"), code);

  const block = page.locator("figure.code pre");
  const folded = await block.evaluate((pre) => pre.clientHeight);
  await page.getByText("Show all lines").click();
  assert.ok((await block.evaluate((pre) => pre.clientHeight)) > folded);
  await page.getByText("Wrap", { exact: true }).click();
  assert.equal(await block.evaluate((pre) => getComputedStyle(pre).whiteSpace), "pre-wrap");
});

story(
  "an answer is copied as the model wrote it, and it shows when it could not be",
  async (page) => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    const written = "**One**\n\n- a < b\n- `c`";
    app.fake.next(scenario.answer({ content: written }));
    await ask(page, "A list, please.");
    await settled(page);
    const button = page.getByRole("button", { name: "Copy answer" });
    await button.click();
    await page.locator("copy-button[data-state=copied]").waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    await intercept(page, "**/source", (route) => route.fulfill({ status: 503 }));
    await button.click();

    assert.equal(copied.replaceAll("\r\n", "\n"), written);
    const failed = page.locator("copy-button[data-state=failed]");
    await failed.getByRole("status").filter({ hasText: "Not copied" }).waitFor();
  },
);

story("a draft survives a reload", async (page) => {
  await page.locator("textarea[name=prompt]").pressSequentially("Half a thought");
  await page.reload();
  assert.equal(await page.inputValue("textarea[name=prompt]"), "Half a thought");
});

story("the next question can be typed while the answer grows", async (page) => {
  const held = scenario.hold(["It grows "], ["to its end."]);
  app.fake.next(held);
  await ask(page, "The first question");
  await page.getByText("It grows").waitFor();
  await page.keyboard.type("The second");
  await page.keyboard.press("Enter");

  held.release();
  await settled(page);
  assert.equal(await page.inputValue("textarea[name=prompt]"), "The second");
  assert.equal(await page.locator(".message--question").count(), 1);
});

story("the thinking line stays where the waiting line was", async (page) => {
  const [waited, thought] = [resolvers(), resolvers()];
  app.fake.next(scenario.stream(thinking(waited.promise, thought.promise)));
  await ask(page, "Think.");
  const line = page.locator(".progress");
  const waiting = await line.boundingBox();
  waited.resolve();
  await page.locator(".reasoning").waitFor();

  assert.match(await line.innerText(), /Thinking/);
  assert.equal((await line.boundingBox())?.y, waiting?.y);
  thought.resolve();
  await settled(page);
});

story(
  "open thoughts fold when the answer begins, and say then how long they took",
  async (page) => {
    const [waited, thought, ended] = [resolvers(), resolvers(), resolvers()];
    app.fake.next(scenario.stream(thinking(waited.promise, thought.promise, ended.promise)));
    await ask(page, "Think aloud.");
    waited.resolve();
    const thoughts = page.locator(".reasoning");
    await thoughts.locator("summary").click();
    await page.getByText("Hm.").waitFor();

    thought.resolve();
    await page.getByText("Yes.").waitFor();
    assert.equal(await thoughts.getAttribute("open"), null);
    assert.match(await thoughts.innerText(), /^Thought for/);

    await thoughts.locator("summary").click();
    ended.resolve();
    await settled(page);
    assert.equal(await thoughts.getAttribute("open"), "");
    await page.reload();
    assert.equal(await thoughts.getAttribute("open"), null);
    assert.match(await thoughts.innerText(), /^Thought for/);
  },
);

async function* thinking(
  waited: Promise<void>,
  thought: Promise<void>,
  ended: Promise<void> = Promise.resolve(),
) {
  yield wire.opening();
  await waited;
  yield wire.reasoning("Hm.");
  await thought;
  yield wire.content("Yes.");
  await ended;
  yield* [wire.finish("stop"), wire.DONE];
}

story("what closes the drawer presses nothing below it", async (page) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("button", { name: "Conversations and account" }).click();
  assert.equal(await page.evaluate("document.elementFromPoint(370, 400).tagName"), "HTML");

  await page.mouse.click(370, 400);
  assert.equal(await page.locator(".sidebar__new").isVisible(), false);
});

story("continuing a cut answer stays where it grows", async (page) => {
  const paragraphs = Array.from({ length: 40 }, (_, n) => `Paragraph ${n}.\n\n`).join("");
  app.fake.next(scenario.answer({ content: paragraphs, finish: "length" }));
  await ask(page, "At length, please.");
  await settled(page);
  app.fake.next(scenario.answer({ content: "The last one." }));
  await page.getByRole("button", { name: "Continue" }).click();

  await page.getByText("The last one.").waitFor();
  await settled(page);
  assert.equal(await page.getByText("The last one.").isVisible(), true);
  // Where the end is, is known when the last of it has been laid out.
  await page.waitForFunction(
    () => scrollY + innerHeight >= document.documentElement.scrollHeight - 60,
  );
});
