import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD, startApp } from "../support/app.js";
import { stories } from "../support/browser.js";
import { withoutChromium } from "../support/chromium.js";
import * as scenario from "../support/fake-deepseek.js";

const app = await startApp();
const { open, signedIn } = stories(app);
const still = { javaScriptEnabled: false };

test("without JavaScript somebody registers, logs out and comes back", {
  skip: withoutChromium,
}, async () => {
  const page = await open(still);
  await page.goto("/");
  await page.getByRole("link", { name: "Create an account" }).click();
  await page.getByLabel("Username").fill("still newcomer");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.waitForURL(`${app.url}/`);
  await page.goto("/logout");
  await page.locator("main").getByRole("button", { name: "Log out" }).click();
  await page.waitForURL(/\/login/);
  await page.getByLabel("Username").fill("still newcomer");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.waitForURL(`${app.url}/`);
  assert.match(await page.locator("h1").innerText(), /still newcomer/);
});

test("without JavaScript an answer arrives block by block", { skip: withoutChromium }, async () => {
  const held = scenario.hold(["First block.\n\n", "Second "], ["block.\n\nThird."]);
  const page = await signedIn("still reader", still);
  app.fake.next(held);
  await page.fill("textarea[name=prompt]", "Slowly, please.");
  await page.click("button[aria-label=Send]", { noWaitAfter: true });
  await page.getByText("First block.").waitFor();
  assert.match(page.url(), /\/live$/);
  assert.equal(await page.getByText("Back to the conversation").count(), 0);

  held.release();
  await page.getByText("Third.").waitFor();
  await page.getByText("Back to the conversation").click();
  await page.waitForURL(/\/conversations\/[\w-]+(#.*)?$/);
  assert.match(await page.locator(".message--answer").innerText(), /Second block\./);
});

test("without JavaScript an answer can be stopped", { skip: withoutChromium }, async () => {
  const page = await signedIn("still stopper", still);
  app.fake.next(scenario.hold(["Something.\n\n", "More "], ["never"]));
  await page.fill("textarea[name=prompt]", "Stop this.");
  await page.click("button[aria-label=Send]", { noWaitAfter: true });
  await page.getByText("Something.").waitFor();
  await page.getByRole("button", { name: "Stop" }).click();

  await page.locator(".outcome", { hasText: "You stopped this answer." }).waitFor();
});

test("without JavaScript the history is cleared after a question", {
  skip: withoutChromium,
}, async () => {
  const page = await signedIn("still clearer", still);
  await page.goto("/account");
  await page.locator("main").getByRole("button", { name: "Clear chat history" }).click();
  await page.locator("main form[action='/clear'] button[type=submit]").click();
  await page.getByText("Chat history cleared").waitFor();
});

test("without JavaScript the drawer opens on a phone", { skip: withoutChromium }, async () => {
  const page = await signedIn("still phone", { ...still, viewport: { width: 390, height: 844 } });
  const newConversation = page.locator(".sidebar__new");
  assert.equal(await newConversation.isVisible(), false);
  await page.getByRole("button", { name: "Conversations and account" }).click();
  assert.equal(await newConversation.isVisible(), true);
});
