import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { PASSWORD, startApp } from "../support/app.js";
import { ask, intercept, settled, stories } from "../support/browser.js";
import { withoutChromium } from "../support/chromium.js";

const app = await startApp();
const { open, signedIn, story } = stories(app);

const box = (page: Page) => page.locator("textarea[name=prompt]");
const text = (page: Page) => box(page).inputValue();
const unsaved = (page: Page) =>
  page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("aifacade:draft")));

const nothingUnsaved = (page: Page) =>
  page.waitForFunction(() => !Object.keys(localStorage).some((key) => /:draft:/.test(key)));

async function typed(page: Page, words: string) {
  const saved = page.waitForResponse((response) => response.url().endsWith("/drafts"));
  await box(page).pressSequentially(words);
  await saved;
  await nothingUnsaved(page);
}

/** The same person in another browser. */
async function elsewhere(name: string): Promise<Page> {
  const page = await open();
  await page.goto("/login");
  await page.fill("[name=username]", name);
  await page.fill("[name=password]", PASSWORD);
  await page.click("main button[type=submit]");
  await page.waitForURL(`${app.url}/`);
  return page;
}

/** As when somebody comes back to a tab. */
async function lookedAt(page: Page) {
  await Promise.all([
    page.waitForResponse(/\/drafts\?/),
    page.evaluate(() => document.dispatchEvent(new Event("visibilitychange"))),
  ]);
}

test("what is typed here is in the box there, and gone from both once it is sent", {
  skip: withoutChromium,
}, async () => {
  const desk = await signedIn("mover");
  await typed(desk, "Begun at the desk");
  const phone = await elsewhere("mover");
  assert.equal(await text(phone), "Begun at the desk");

  await typed(phone, ", ended on the phone");
  await lookedAt(desk);
  await desk.waitForFunction(
    () => document.querySelector("textarea")?.value === "Begun at the desk, ended on the phone",
  );
  await Promise.all([
    phone.waitForURL(/conversations/),
    phone.press("textarea[name=prompt]", "Enter"),
  ]);
  await lookedAt(desk);
  await desk.waitForFunction(() => document.querySelector("textarea")?.value === "");
  await Promise.all([desk, phone].map((page) => page.context().close()));
});

test("two who type at once lose nothing: each text is in the box or behind a button", {
  skip: withoutChromium,
}, async () => {
  const desk = await signedIn("double");
  const phone = await elsewhere("double");
  await typed(phone, "From the phone");
  await typed(desk, "From the desk");

  await desk.getByText("something else was typed here").waitFor();
  await desk.getByRole("button", { name: "Exchange the two" }).click();
  assert.equal(await text(desk), "From the phone");
  await desk.getByRole("button", { name: "Exchange the two" }).click();
  assert.equal(await text(desk), "From the desk");
  await Promise.all([desk, phone].map((page) => page.context().close()));
});

story("while the server cannot be reached the browser keeps what is typed", async (page) => {
  await intercept(page, "**/drafts", (route) => route.fulfill({ status: 503 }));
  await box(page).pressSequentially("Typed in the tunnel");
  await page.waitForTimeout(1_300);
  assert.equal((await unsaved(page)).length, 1);
  await page.unroute("**/drafts");

  const saved = page.waitForResponse((response) => response.url().endsWith("/drafts"));
  await page.reload();
  assert.equal(await text(page), "Typed in the tunnel");
  await saved;
  await nothingUnsaved(page);
});

story("what was sent is in no box afterwards", async (page) => {
  await ask(page, "chaos:say Yes.");
  await settled(page);
  await typed(page, "A reply");
  await box(page).pressSequentially(", at last");
  await page.keyboard.press("Enter");
  await page.locator(".message--question", { hasText: "A reply, at last" }).waitFor();
  await settled(page);

  assert.equal(await text(page), "");
  await nothingUnsaved(page);
  await page.reload();
  assert.equal(await text(page), "");
  assert.deepEqual(await unsaved(page), []);
});

story("what is still being saved when it is sent does not come back", async (page) => {
  const later = async (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  await intercept(page, "**/drafts", async (route) => {
    await later(1_500);
    await route.continue().catch(() => null);
  });
  // The page lives on until its answer is there.
  await intercept(page, "**/chat", async (route) => {
    const response = await route.fetch({ maxRedirects: 0 });
    await later(4_000);
    await route.fulfill({ response });
  });
  await box(page).pressSequentially("chaos:say Yes.");
  await page.waitForRequest("**/drafts");
  await box(page).pressSequentially(" And no.");
  await page.waitForTimeout(1_200);
  await page.keyboard.press("Enter");
  await page.waitForURL(/conversations/);

  await page.goto("/");
  assert.equal(await text(page), "");
});
