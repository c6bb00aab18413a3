import assert from "node:assert/strict";
import { test } from "node:test";
import type { Request } from "playwright-core";
import { startApp } from "../support/app.js";
import { ask, settled, stories } from "../support/browser.js";
import { withoutChromium } from "../support/chromium.js";
import { share } from "../support/sharing.js";

const app = await startApp();
const { story, open } = stories(app);

story("a conversation is shared with a click less, and its link copied", async (page) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await ask(page, "chaos:say Shared words.");
  await settled(page);
  await page.getByRole("button", { name: "Options for this conversation" }).click();
  await page.getByRole("link", { name: "Share", exact: true }).click();
  await page.getByText("2 chosen").waitFor();
  await page.getByLabel("Choose all").click();
  assert.equal(await page.locator("[name=ids]:checked").count(), 0);
  await page.locator(".choice__message", { hasText: "Answer" }).click();
  await page.getByText("1 chosen").waitFor();
  await page.getByRole("button", { name: "Make the link" }).click();
  await page.getByRole("button", { name: "Copy" }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();

  const link = String(await page.evaluate("navigator.clipboard.readText()"));
  assert.equal(link, await page.locator("#share-link").innerText());
  const reader = await open();
  await reader.goto(link);
  assert.deepEqual(await reader.locator(".message__body").allInnerTexts(), ["Shared words."]);
  await reader.context().close();
});

test("a reader needs no script, and gets none; the door opens from any address", {
  skip: withoutChromium,
}, async () => {
  const owner = await app.signedIn("owner");
  const path = await owner.ask("chaos:say Behind a door.");
  await owner.settled(path);
  const { link } = await share(owner, path, (fields) => fields.set("password", "let me in please"));

  const reader = await open({ javaScriptEnabled: false });
  const asked: Request[] = [];
  reader.on("request", (request) => asked.push(request));
  await reader.goto(link);
  await reader.fill("[name=password]", "let me in please");
  await reader.getByRole("button", { name: "Open" }).click();
  await reader.getByText("Behind a door.").last().waitFor();

  assert.equal(asked.filter((request) => /\.js|\/js\//.test(request.url())).length, 0);
  // On plain http in a local network nothing else tells that the form is ours.
  const opening = asked.filter((request) => request.url().endsWith(link)).at(-1);
  assert.equal((await opening?.allHeaders())?.origin, app.url);
  assert.deepEqual(await reader.context().cookies(), []);
  await reader.context().close();
});
