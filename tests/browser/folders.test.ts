import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { startApp } from "../support/app.js";
import { ask, hasGoneOn, settled, stories } from "../support/browser.js";
import { withoutChromium } from "../support/chromium.js";

const app = await startApp();
const { signedIn, story } = stories(app);

const fold = (page: Page) => page.locator(".sidebar__fold", { hasText: "Work" });
const inside = (page: Page) => page.locator(".sidebar__folder .sidebar__link");

/** Waits until the browser has noted whether it is, for the next page. */
function unfolded(page: Page, is: boolean) {
  return page.waitForFunction((is) => /aifacade-folders=\d/.test(document.cookie) === is, is);
}

/** Makes the folder "Work" with what is open in it, from the menu of that. */
async function putIntoWork(page: Page) {
  await page.getByRole("button", { name: "Options for this conversation" }).click();
  await page.getByRole("link", { name: "Folder", exact: true }).click();
  await page.getByLabel("Into a new folder").fill("Work");
  await page.getByRole("button", { name: "Make it and put in" }).click();
  await page.getByText("Put into the folder").waitFor();
}

story("a folder is unfolded by the keyboard, and is so on the next page", async (page) => {
  await ask(page, "chaos:say Inside.");
  await settled(page);
  await putIntoWork(page);
  assert.equal(await inside(page).isVisible(), true);

  await page.goto("/");
  assert.equal(await inside(page).isVisible(), false);
  await fold(page).focus();
  await page.keyboard.press("Enter");
  await inside(page).waitFor();
  await unfolded(page, true);
  await page.goto("/account");
  assert.equal(await inside(page).isVisible(), true);

  await fold(page).click();
  await unfolded(page, false);
  await page.reload();
  assert.equal(await inside(page).isVisible(), false);
});

story("a list that comes anew leaves the folders as they are", async (page) => {
  await ask(page, "chaos:say Inside.");
  await settled(page);
  await putIntoWork(page);
  await page.goto("/");
  await fold(page).click();
  await inside(page).waitFor();

  await Promise.all([
    page.waitForResponse(/\/sidebar/),
    page.evaluate(() => document.dispatchEvent(new Event("answer-done"))),
  ]);
  await page.waitForTimeout(100);
  assert.equal(await inside(page).isVisible(), true);
});

test("without JavaScript a folder is made, begun in, unfolded and deleted", {
  skip: withoutChromium,
}, async () => {
  const page = await signedIn("still folder", { javaScriptEnabled: false });
  await page.goto("/folders");
  await page.getByLabel("New folder").fill("Work");
  await page.getByRole("button", { name: "Make folder" }).click();
  await page.getByRole("link", { name: "New conversation in this folder" }).click();
  await page.fill("textarea[name=prompt]", "chaos:say Inside.");
  await page.click("button[aria-label=Send]");
  await page.waitForURL(/conversations/);
  await hasGoneOn(page);
  await page.goto("/");
  assert.equal(await inside(page).isVisible(), false);
  await fold(page).click();
  await page.getByRole("link", { name: "Open the folder" }).click();

  await page.getByRole("button", { name: "Options for this folder" }).click();
  await page.getByRole("button", { name: "Delete the folder" }).click();
  await page.getByText("What was in it is in the list").waitFor();
  assert.equal(await page.locator(".sidebar__link").count(), 1);
  assert.equal(await page.locator(".sidebar__folder").count(), 0);
  await page.context().close();
});
