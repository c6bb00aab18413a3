import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { startApp } from "../support/app.js";
import { stories } from "../support/browser.js";
import { withoutChromium } from "../support/chromium.js";
import { root } from "../support/root.js";

const app = await startApp();
const { story, signedIn } = stories(app);

const EXPORT = readFileSync(path.join(root, "tests/fixtures/exports/claude.json"));

/** From the account page to what was imported: a file is chosen, looked into, one of its conversations left out. */
async function importOne(page: Page) {
  await page.goto(`${app.url}/account`);
  await page.getByRole("link", { name: /Import/ }).click();
  const file = { name: "data.json", mimeType: "application/json", buffer: EXPORT };
  await page.locator("input[type=file]").setInputFiles(file);
  await page.getByRole("button", { name: "Look into it" }).click();

  await page.getByText("2 conversations of Claude").waitFor();
  await page.getByLabel("Older").uncheck();
  await page.getByRole("button", { name: "Import what is chosen" }).click();
  await page.getByText("1 conversation is imported.").waitFor();

  await page.getByRole("link", { name: "your list" }).click();
  await page.locator("a.listing__link").first().waitFor();
  assert.deepEqual(await page.locator("a.listing__link").allInnerTexts(), ["Soup"]);
}

story("a file is looked into, and what is chosen of it is imported", importOne);

test("without JavaScript a file is imported as well", { skip: withoutChromium }, async () => {
  await importOne(await signedIn("still importer", { javaScriptEnabled: false }));
});
