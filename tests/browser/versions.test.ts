import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { startApp } from "../support/app.js";
import { answer, ask, intercept, settled, stories } from "../support/browser.js";
import { withoutChromium } from "../support/chromium.js";
import * as scenario from "../support/fake-deepseek.js";

const app = await startApp();
const { story, signedIn } = stories(app);

const edit = (page: Page) => page.getByRole("link", { name: "Edit this question" }).last();
const editor = (page: Page) => page.locator("question-editor textarea");
const focused = (page: Page) => page.evaluate(() => document.activeElement?.ariaLabel);

story("a question is edited where it stands, and both versions can be read", async (page) => {
  await ask(page, "chaos:say The first answer.");
  await settled(page);
  await edit(page).click();
  assert.equal(await editor(page).inputValue(), "chaos:say The first answer.");
  assert.equal(await page.locator(".message--question .message__body").isVisible(), false);

  await page.keyboard.press("Shift+Enter");
  await page.keyboard.press("Backspace");
  await editor(page).fill("chaos:say The second answer.");
  await page.keyboard.press("Control+Enter");
  await page.getByText("The second answer.", { exact: true }).waitFor();
  assert.equal(await page.getByText("The first answer.", { exact: true }).count(), 0);

  await settled(page);
  await page.getByRole("link", { name: "Previous version" }).click();
  await page.getByText("The first answer.", { exact: true }).waitFor();
});

story(
  "Escape closes the form, not the answer that grows, and keeps what was typed",
  async (page) => {
    const held = scenario.hold(["It grows "], ["to its end."]);
    app.fake.next(held);
    await ask(page, "Grow.");
    await page.getByText("It grows").waitFor();
    await edit(page).click();
    await editor(page).fill("Half a thought");
    await page.keyboard.press("Escape");

    assert.equal(await editor(page).isVisible(), false);
    assert.equal(await focused(page), "Edit this question");
    await page.keyboard.press("Enter");
    assert.equal(await editor(page).inputValue(), "Half a thought");
    held.release();
    await settled(page);
    assert.match(await answer(page).innerText(), /to its end\./);
  },
);

story("a version that must wait is kept on its own page, and sent from there", async (page) => {
  const held = scenario.hold(["It grows "], ["to its end."]);
  app.fake.next(held);
  await ask(page, "Grow.");
  await page.getByText("It grows").waitFor();
  const conversation = page.url();
  await edit(page).click();
  await editor(page).fill("chaos:say Later.");
  await page.keyboard.press("Enter");
  await page.getByText("The last answer is still being written").waitFor();
  assert.equal(await editor(page).inputValue(), "chaos:say Later.");

  const reader = await page.context().newPage();
  await reader.goto(conversation);
  held.release();
  await settled(reader);
  await editor(page).press("Enter");
  await page.getByText("Later.", { exact: true }).waitFor();
});

story("where the form cannot be fetched, its own page opens", async (page) => {
  await ask(page, "chaos:say Yes.");
  await settled(page);
  let refused = false;
  await intercept(page, "**/versions/new", (route) => {
    if (refused) return route.continue();
    refused = true;
    return route.fulfill({ status: 503 });
  });
  await edit(page).click();
  await page.waitForURL(/\/versions\/new$/);
  await page.keyboard.press("Escape");
  await page.waitForURL(/\?message=\d+#message-\d+$/);
});

test("without JavaScript a question is edited on a page", { skip: withoutChromium }, async () => {
  const page = await signedIn("still editor", { javaScriptEnabled: false });
  await page.fill("textarea[name=prompt]", "chaos:say First.");
  await page.click("button[aria-label=Send]");
  await answered(page);
  await edit(page).click();
  await page.fill("textarea[name=prompt]", "chaos:say Second.");
  await page.getByRole("button", { name: "Send" }).click();
  await answered(page);

  assert.match(await answer(page).innerText(), /Second\./);
  await page.getByRole("link", { name: "Previous version" }).click();
  assert.match(await answer(page).innerText(), /First\./);
});

// Its page leads to the one on which the answer arrives, unless that has ended by then.
async function answered(page: Page) {
  await page.waitForURL(/\/conversations\//);
  const [back, receipt] = [
    page.getByText("Back to the conversation"),
    page.locator(".receipt > summary"),
  ];
  await back.or(receipt).first().waitFor();
  if ((await back.count()) > 0) await back.click();
  await receipt.first().waitFor();
}
