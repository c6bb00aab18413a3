import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { startApp } from "../support/app.js";
import { answer, ask, hasGoneOn, intercept, settled, stories } from "../support/browser.js";
import { withoutChromium } from "../support/chromium.js";
import { FAKE_MODEL, FAKE_PRO } from "../support/fake-deepseek.js";
import { offer } from "../support/models.js";

const app = await startApp({ DEEPSEEK_DIALECT: "deepseek" });
const { story, signedIn } = stories(app);
await offer(app, FAKE_MODEL, FAKE_PRO);

const others = (page: Page) => answer(page).getByRole("link", { name: "Ask another model" });
const dialog = (page: Page) => page.getByRole("dialog");
const focused = (page: Page) => page.evaluate(() => document.activeElement?.ariaLabel);
const lastModel = () => app.fake.requests.at(-1)?.body.model;

story("another model is asked from the answer, by keyboard", async (page) => {
  await ask(page, "chaos:say Well.");
  await settled(page);
  await others(page).focus();
  await page.keyboard.press("Enter");
  await dialog(page).getByRole("heading", { name: "Another answer" }).waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await dialog(page).count(), 0);
  assert.equal(await focused(page), "Ask another model");

  await page.keyboard.press("Enter");
  await dialog(page).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByText("2/2").waitFor();
  await settled(page);
  assert.equal(lastModel(), "deepseek-v4-pro");
  assert.match(await answer(page).innerText(), /DeepSeek V4 Pro/);
});

story(
  "the settings of a conversation open over it, and what is wrong opens their page",
  async (page) => {
    await ask(page, "chaos:say Yes.");
    await settled(page);
    await page.getByRole("link", { name: "Model and settings" }).click();
    await dialog(page).getByRole("button", { name: "Close" }).click();
    assert.equal(await dialog(page).count(), 0);

    await page.getByRole("link", { name: "Model and settings" }).click();
    await dialog(page).getByLabel("Temperature").fill("hot");
    await dialog(page).getByLabel("System prompt").fill("Be brief.");
    await dialog(page).getByRole("button", { name: "Save" }).click();
    await page.getByText("The temperature is a number from 0 to 2").waitFor();
    await page.getByLabel("Temperature").fill("1");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("It holds from the next answer on").waitFor();
    await ask(page, "chaos:say Again.");
    assert.equal(app.fake.requests.at(-1)?.body.messages[0].content, "Be brief.");
  },
);

story("where the dialog cannot be had, its page opens", async (page) => {
  await ask(page, "chaos:say Yes.");
  await settled(page);
  let refused = false;
  await intercept(page, "**/generations/new", (route) => {
    if (refused) return route.continue();
    refused = true;
    return route.fulfill({ status: 503 });
  });
  await others(page).click();
  await page.waitForURL(/\/generations\/new$/);
});

story("Enter in a field of the settings sends the question, and no starter", async (page) => {
  await page.fill("textarea[name=prompt]", "chaos:say Mine.");
  await page.locator(".composer__settings summary").click();
  await page.getByLabel("Temperature").fill("1");
  await page.getByLabel("Temperature").press("Enter");
  await page.getByText("Mine.", { exact: true }).waitFor();
  assert.equal(app.fake.requests.at(-1)?.body.messages[0].content, "chaos:say Mine.");
});

story("a starter is asked by the chosen model, and what was typed waits", async (page) => {
  await page
    .getByLabel("Model", { exact: true })
    .selectOption({ label: "DeepSeek V4 Pro · 128K context" });
  await page.fill("textarea[name=prompt]", "Half a thought");
  await page.locator(".starters__button").first().click();
  await page.waitForURL(/\/conversations\//);
  assert.equal(lastModel(), "deepseek-v4-pro");

  await page.goto("/");
  assert.equal(await page.inputValue("textarea[name=prompt]"), "Half a thought");
  assert.equal(
    await page.getByLabel("Model", { exact: true }).inputValue(),
    "default:deepseek-v4-pro",
  );
});

test("without JavaScript models and settings are chosen as well", {
  skip: withoutChromium,
}, async () => {
  const page = await signedIn("still chooser", { javaScriptEnabled: false });
  await page.getByLabel("Model", { exact: true }).selectOption("default:deepseek-v4-pro");
  await page.locator(".composer__settings summary").click();
  await page.getByLabel("Thinking").selectOption("off");
  await page.getByLabel("Temperature").fill("0,5");
  await page.fill("textarea[name=prompt]", "chaos:say First.");
  await page.click("button[aria-label=Send]");
  await page.waitForURL(/\/conversations\//);
  assert.equal(lastModel(), "deepseek-v4-pro");
  assert.equal(app.fake.requests.at(-1)?.body.temperature, 0.5);

  await hasGoneOn(page);
  await page.goto(new URL(page.url()).pathname.replace("/live", ""));
  await others(page).click();
  await page.getByRole("button", { name: "DeepSeek Flash" }).click();
  await page.waitForURL(/\/conversations\//);
  assert.equal(lastModel(), "deepseek-flash");
});
