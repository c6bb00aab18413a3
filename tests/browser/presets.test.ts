import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { startApp } from "../support/app.js";
import { ask, enterSends, settled, stories } from "../support/browser.js";
import { withoutChromium } from "../support/chromium.js";

const app = await startApp();
const { story, signedIn } = stories(app);

async function make(page: Page) {
  await page.goto("/presets");
  await page.getByRole("link", { name: "New preset" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Teacher");
  await page.getByLabel("Description").fill("Explains with patience.");
  await page.getByRole("radio", { name: "Graduation cap" }).check({ force: true });
  await page.getByLabel("System prompt").fill("You are a patient teacher.");
  await page.getByLabel("Questions to begin with").fill("chaos:say Because.\nHow does it work?");
  await page.getByRole("button", { name: "Add the preset" }).click();
  await page.getByRole("heading", { name: "Teacher" }).waitFor();
}

function lastSystemPrompt() {
  return app.fake.requests.at(-1)?.body.messages[0].content;
}

story("a preset is made, and a conversation begins with one of its questions", async (page) => {
  await make(page);
  assert.match(await page.locator(".greeting").innerText(), /Explains with patience/);
  await page.getByRole("button", { name: "chaos:say Because." }).click();
  await page.waitForURL(/\/conversations\//);
  await settled(page);
  assert.match(await page.locator(".conversation__header").innerText(), /Teacher/);
  assert.equal(lastSystemPrompt(), "You are a patient teacher.");
});

story("a draft waits while one chooses, and is asked with what was chosen last", async (page) => {
  await make(page);
  await page.goto("/");
  await page.locator("#prompt").fill("chaos:say Yes.");
  await page.locator(".presets").getByRole("link", { name: "Teacher" }).click();
  await page.getByRole("heading", { name: "Teacher" }).waitFor();
  assert.equal(await page.locator("#prompt").inputValue(), "chaos:say Yes.");
  await page.getByRole("link", { name: "No preset" }).click();
  await page.getByRole("heading", { name: /Good to see you/ }).waitFor();
  await page.locator(".presets").getByRole("link", { name: "Teacher" }).click();
  await page.getByRole("heading", { name: "Teacher" }).waitFor();
  await enterSends(page);
  await page.locator("#prompt").press("Enter");
  await page.waitForURL(/\/conversations\//);
  await settled(page);
  assert.equal(lastSystemPrompt(), "You are a patient teacher.");

  await page.goto("/");
  await ask(page, "chaos:say Plain.");
  await settled(page);
  assert.notEqual(lastSystemPrompt(), "You are a patient teacher.");
});

test("without JavaScript a preset is made, copied and begun with", {
  skip: withoutChromium,
}, async () => {
  const page = await signedIn("still teacher", { javaScriptEnabled: false });
  await make(page);
  await page.goto("/presets");
  await page.getByRole("button", { name: "Make one of my own from “Teacher”" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Coach");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Preset changed").waitFor();
  await page.getByRole("link", { name: "Coach", exact: true }).click();
  await page.locator("#prompt").fill("chaos:say Yes.");
  await page.click("button[aria-label=Send]");
  await page.waitForURL(/\/conversations\//);
  assert.equal(lastSystemPrompt(), "You are a patient teacher.");
});
