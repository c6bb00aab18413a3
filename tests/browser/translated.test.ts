import assert from "node:assert/strict";
import { after } from "node:test";
import type { Page } from "playwright-core";
import { startApp } from "../support/app.js";
import { ask, settled } from "../support/browser.js";
import { answer } from "../support/fake-deepseek.js";
import { inspect, inspections } from "../support/inspections.js";
import { pseudoLanguage } from "../support/pseudo.js";

const language = pseudoLanguage();
after(language.remove);
const app = await startApp({ INTERFACE_LANGUAGE: language.file });
const inspection = inspections(app);

inspection("pages from right to left", "άδα η πρώτη", async (page) => {
  await inspect(page, "/");
  app.fake.next(answer({ content: "```js\nα();\n```\n\n| Α | Β |\n|---|---|\n| 1 | 2 |" }));
  await ask(page, "Ερώτηση");
  await settled(page);
  await page.locator("copy-button button:visible").first().click();
  await page.getByText("⟦Copied⟧").first().waitFor({ state: "attached" });
  await inspect(page, "a conversation");
  await page.setViewportSize({ width: 1280, height: 800 });
  const [sidebar, text] = [await page.locator("#sidebar").boundingBox(), await answerBox(page)];
  assert.ok((text?.x ?? 0) + (text?.width ?? 0) <= (sidebar?.x ?? 0), "the list covers the page");
  for (const path of ["/conversations", "/search?q=ερώτηση", "/account", "/admin/providers/new"]) {
    await page.goto(path);
    await inspect(page, path);
  }
});

function answerBox(page: Page) {
  return page.locator(".message--answer").boundingBox();
}
