import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { startApp } from "../support/app.js";
import { ask, settled, stories } from "../support/browser.js";
import { withoutChromium } from "../support/chromium.js";
import * as scenario from "../support/fake-deepseek.js";

const app = await startApp({ AUTO_TITLES: "on" });
const { signedIn, story } = stories(app);
const ids = app.database.prepare("SELECT id FROM User WHERE username = ?").pluck();
const insert = app.database.prepare(
  "INSERT INTO Conversation (id, userId, title, updatedAt, titledBy) VALUES (?, ?, ?, ?, 'person')",
);

function fill(username: string, count: number) {
  const userId = ids.get(username);
  for (let n = 1; n <= count; n += 1)
    insert.run(`${username}-${n}`, userId, `Talk ${n}`, new Date(n * 1000).toISOString());
}

const links = (page: Page) => page.locator(".sidebar__link");
const sheet = (page: Page) => page.locator(".dialog:popover-open");

async function options(page: Page, of: string) {
  await page.getByRole("button", { name: `Options for “${of}”` }).click();
  await sheet(page).waitFor();
}

story("the model's title appears in page and list, a moment after the answer", async (page) => {
  const held = scenario.hold(["The model's "], ["title"]);
  app.fake.titles = held;
  await ask(page, "chaos:say What is it about?");
  await settled(page);
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  assert.equal(await page.locator("h1").innerText(), "chaos:say What is it about?");

  held.release();
  await page.locator("h1", { hasText: "The model's title" }).waitFor();
  await links(page).filter({ hasText: "The model's title" }).waitFor();
  await page.waitForFunction(() => document.title === "The model's title · AIFacade");
  assert.equal(await page.locator("[name=title]").inputValue(), "The model's title");
  assert.equal(await page.evaluate(() => "sameDocument" in window), true);
  app.fake.titles = scenario.answer({ content: "Any", reasoning: "" });
});

test("the list grows as one scrolls", { skip: withoutChromium }, async () => {
  const page = await signedIn("scroller");
  fill("scroller", 100);
  await page.goto("/");
  assert.equal(await links(page).count(), 30);

  for (const count of [60, 90, 100]) {
    await links(page).last().scrollIntoViewIfNeeded();
    await page.locator(".sidebar__more").scrollIntoViewIfNeeded();
    await page.waitForFunction(
      (expected) => document.querySelectorAll(".sidebar__link").length >= expected,
      count,
    );
  }
  assert.equal(await links(page).last().innerText(), "Talk 1");
  assert.equal(await page.locator("conversation-list").getAttribute("more"), null);
  await page.context().close();
});

test("a list that fits into the page whole is loaded without a scroll", {
  skip: withoutChromium,
}, async () => {
  const page = await signedIn("tall", { viewport: { width: 1280, height: 4000 } });
  fill("tall", 70);
  await page.goto("/");
  await page.waitForFunction(() => document.querySelectorAll(".sidebar__link").length === 70);
  await page.context().close();
});

story("what is answered elsewhere is marked, until it is done and looked at", async (page) => {
  const held = scenario.hold(["Well, "], ["yes."]);
  app.fake.next(held);
  await ask(page, "Far away");
  await page.getByText("Well,").waitFor();
  await page.locator(".sidebar__link[aria-current] .sidebar__mark--running").waitFor();
  await page.goto("/");
  await page.locator("[title='Being answered']").waitFor();

  held.release();
  await page.locator("[title='New answer']").waitFor();
  await links(page).first().click();
  await page.getByText("Well, yes.").waitFor();
  assert.equal(await page.locator(".sidebar__mark").count(), 0);
});

story("the mark of the open conversation goes with the end of its answer", async (page) => {
  const held = scenario.hold(["Well, "], ["yes."]);
  app.fake.next(held);
  await ask(page, "Right here");
  await page.locator(".sidebar__link[aria-current] .sidebar__mark--running").waitFor();
  held.release();
  await page.locator(".sidebar__mark").waitFor({ state: "detached" });
});

story("a conversation is renamed, pinned and deleted by the keyboard alone", async (page) => {
  await ask(page, "chaos:say Yes.");
  await settled(page);
  await page.locator("h1", { hasText: "Any" }).waitFor();
  await page.getByRole("button", { name: "Options for" }).focus();
  await page.keyboard.press("Enter");
  await sheet(page).waitFor();
  await page.keyboard.press("Escape");
  await sheet(page).waitFor({ state: "hidden" });

  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("Typed");
  await page.keyboard.press("Enter");
  await page.locator("h1", { hasText: "Typed" }).waitFor();

  await page.getByRole("button", { name: "Options for this conversation" }).click();
  await sheet(page).getByRole("button", { name: "Pin" }).press("Enter");
  await page.locator(".sidebar__heading", { hasText: "Pinned" }).waitFor();
  await page.getByRole("button", { name: "Options for this conversation" }).click();
  await sheet(page).getByRole("button", { name: "Delete" }).press("Enter");
  await page.getByRole("link", { name: "Open the trash" }).click();
  await page.getByRole("button", { name: "Restore “Typed”" }).press("Enter");
  await page.locator("h1", { hasText: "Typed" }).waitFor();
});

test("all of a page are chosen at once, and it is said how many", {
  skip: withoutChromium,
}, async () => {
  const page = await signedIn("chooser");
  fill("chooser", 35);
  await page.goto("/conversations");
  await page.getByLabel("Choose all").check();
  await page.getByText("30 chosen").waitFor();
  await page.getByLabel("Choose “Talk 35”").uncheck();
  await page.getByText("29 chosen").waitFor();
  assert.equal(await page.getByLabel("Choose all").isChecked(), false);

  await page.locator("#selection").getByRole("button", { name: "Archive" }).click();
  await page.getByText("Moved to the archive").waitFor();
  assert.equal(await page.locator(".listing__link").count(), 6);
  await page.context().close();
});

test("days are those of where the browser is", { skip: withoutChromium }, async () => {
  const page = await signedIn("islander", { timezoneId: "Pacific/Kiritimati" });
  const list = page.locator("conversation-list");
  await page.waitForFunction(
    () => document.querySelector("conversation-list")?.getAttribute("zone") !== "UTC",
  );
  assert.equal(await list.getAttribute("zone"), "Pacific/Kiritimati");
  await page.reload();
  assert.equal(await list.getAttribute("zone"), "Pacific/Kiritimati");
  await page.context().close();
});

test("without JavaScript a conversation is renamed, archived, deleted and restored", {
  skip: withoutChromium,
}, async () => {
  const page = await signedIn("still lister", { javaScriptEnabled: false });
  fill("still lister", 2);
  await page.goto("/conversations");
  assert.equal(await page.getByText("Choose all").isVisible(), false);
  await options(page, "Talk 2");
  await sheet(page).getByLabel("Title").fill("A name by hand");
  await sheet(page).getByRole("button", { name: "Save" }).click();
  await page.locator(".listing__link", { hasText: "A name by hand" }).waitFor();

  await options(page, "A name by hand");
  await sheet(page).getByRole("button", { name: "Archive" }).click();
  await page.getByRole("link", { name: "Open the archive" }).click();
  await page.getByLabel("Choose “A name by hand”").check();
  await page.locator("#selection").getByRole("button", { name: "Delete" }).click();
  await page.getByRole("link", { name: "Open the trash" }).click();
  await page.getByRole("button", { name: "Restore “A name by hand”" }).click();
  await page.getByText("it is where it was").waitFor();
  await page.context().close();
});
