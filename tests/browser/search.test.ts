import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { startApp } from "../support/app.js";
import { ask, intercept, settled, stories } from "../support/browser.js";
import { withoutChromium } from "../support/chromium.js";
import * as scenario from "../support/fake-deepseek.js";

const app = await startApp();
const { story, signedIn } = stories(app);
// The server does this each second; here it is done when a story says so.
const { indexWaiting } = await import("../../src/models/search/indexing.js");

async function talk(page: Page, ...texts: string[]) {
  for (const text of texts) {
    await page.goto("/");
    await ask(page, `chaos:say ${text}`);
    await settled(page);
  }
  await indexWaiting();
}

function hits(page: Page, count: number) {
  return page.waitForFunction(
    (wanted) => document.querySelectorAll(".hit").length === wanted,
    count,
  );
}

story(
  "slash leads to the search, results come while one types, and Back finds them again",
  async (page) => {
    await talk(page, "Marmots whistle", "Marmosets do not");
    await page.locator("h1").first().click();
    await page.keyboard.press("/");
    await page.keyboard.type("marm");
    await page.keyboard.press("Enter");
    await hits(page, 4);

    await page.evaluate(() => Object.assign(window, { sameDocument: true }));
    await page.locator("#search").press("End");
    await page.keyboard.type("ot");
    await hits(page, 2);
    assert.equal(await page.evaluate(() => "sameDocument" in window), true);
    assert.match(page.url(), /[?&]q=marmot(&|$)/);

    await page.locator(".hit").first().click();
    await page.waitForURL(/\/conversations\/[\w-]+\?message=(\d+)#message-\1$/);
    assert.equal(await page.locator(".message:target").isVisible(), true);
    await page.goBack();
    await hits(page, 2);
    assert.equal(await page.inputValue("#search"), "marmot");
  },
);

story("an answer that comes late does not take the place of a newer one", async (page) => {
  await talk(page, "Heron one", "Heron two, a stork");
  await page.goto("/search");
  let late = () => {};
  await intercept(page, "**/search/results?q=her&**", async (route) => {
    await new Promise<void>((resolve) => {
      late = resolve;
    });
    await route.continue().catch(() => {});
  });
  const asked = page.waitForRequest("**/search/results?q=her&**");
  await page.fill("#search", "her");
  await asked;
  await page.fill("#search", "heron stork");
  await hits(page, 2);
  late();
  await page.fill("#search", "heron");
  await hits(page, 4);
});

story("a slash in a text is a slash", async (page) => {
  await page.locator("textarea[name=prompt]").pressSequentially("and/or");
  assert.equal(await page.inputValue("textarea[name=prompt]"), "and/or");
});

test("on a phone slash opens the drawer with the field", { skip: withoutChromium }, async () => {
  const page = await signedIn("phone seeker", { viewport: { width: 390, height: 844 } });
  await page.goto("/account");
  await page.keyboard.press("/");
  await page.keyboard.type("lemur");
  assert.equal(await page.inputValue("#sidebar-search"), "lemur");
});

test("without JavaScript a search is a form and its answer a page", {
  skip: withoutChromium,
}, async () => {
  const page = await signedIn("still seeker", { javaScriptEnabled: false });
  const held = scenario.hold(["Ended", " soon."]);
  app.fake.next(held);
  await page.fill("textarea[name=prompt]", "A question about tapirs");
  await page.click("button[aria-label=Send]", { noWaitAfter: true });
  await page.waitForURL(/\/live$/, { waitUntil: "commit" });
  held.release();
  await page.getByText("Back to the conversation").waitFor();
  await page.goto("/");
  await indexWaiting();
  await page.fill("#sidebar-search", "tapir");
  await page.press("#sidebar-search", "Enter");
  await page.locator(".hit", { hasText: "A question about tapirs" }).first().click();
  await page.waitForURL(/\/conversations\/.*#message-/);
});
