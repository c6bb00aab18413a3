import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { PASSWORD, startApp } from "../support/app.js";
import { ask, settled, stories } from "../support/browser.js";
import { launchChromium, withoutChromium } from "../support/chromium.js";
import * as scenario from "../support/fake-deepseek.js";
import { startServer } from "../support/server.js";

const app = await startApp();
const { story } = stories(app);

const palette = (page: Page) => page.getByRole("combobox", { name: "A conversation or a place" });
const chosen = (page: Page) => page.locator("[role=option][aria-selected=true]");

story("a conversation is gone to by a part of its title, by the keyboard alone", async (page) => {
  await ask(page, "chaos:say The zebra question");
  await settled(page);
  await page.goto("/account");
  await page.keyboard.press("Control+K");
  await palette(page).waitFor();
  await page.keyboard.type("ZEBRA");
  await chosen(page).filter({ hasText: "zebra" }).waitFor();
  assert.equal(
    await palette(page).getAttribute("aria-activedescendant"),
    await chosen(page).getAttribute("id"),
  );
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/conversations\//);
});

story("the arrows go around in the palette, and Escape closes it", async (page) => {
  await page.keyboard.press("Control+K");
  await chosen(page).filter({ hasText: "New conversation" }).waitFor();
  await page.keyboard.press("ArrowUp");
  await chosen(page).filter({ hasText: "Dark theme" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await chosen(page).filter({ hasText: "New conversation" }).waitFor();
  await page.keyboard.press("Escape");
  await palette(page).waitFor({ state: "hidden" });
});

story("a theme is chosen from the palette, and one stays where one is", async (page) => {
  await page.goto("/conversations");
  await page.keyboard.press("Control+K");
  await page.keyboard.type("dark");
  await chosen(page).filter({ hasText: "Dark theme" }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForSelector("html[data-theme=dark]");
  assert.equal(new URL(page.url()).pathname, "/conversations");
});

story("? shows the keys, but not where somebody types", async (page) => {
  await page.locator("textarea[name=prompt]").pressSequentially("Why?");
  assert.equal(await page.locator("#keys").isVisible(), false);
  await page.locator("main").focus();
  await page.keyboard.press("?");
  await page.locator("#keys").getByText("Previous question").waitFor();
  await page.keyboard.press("Escape");
  await page.locator("#keys").waitFor({ state: "hidden" });
  await page.keyboard.press("Control+Shift+O");
  await page.waitForURL(`${app.url}/`);
});

async function hide(page: Page, hidden: boolean) {
  await page.evaluate((value) => {
    Object.defineProperty(document, "hidden", { configurable: true, value });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
}

story(
  "an answer that ends behind another tab marks the title, and notifies where that was allowed",
  async (page) => {
    await page.context().grantPermissions(["notifications"]);
    await page.addInitScript(() => {
      const shown: string[] = [];
      Object.assign(window, { shown });
      window.Notification = class extends EventTarget {
        static permission = "granted";
        constructor(title: string) {
          super();
          shown.push(title);
        }
      } as never;
    });
    const held = scenario.hold(["Slowly "], ["done."]);
    app.fake.next(held);
    await ask(page, "Tell me later");
    await page.getByText("Slowly").waitFor();
    await hide(page, true);
    held.release();
    await page.waitForFunction(() => document.title.startsWith("● "));
    assert.deepEqual(await page.evaluate(() => (window as never as { shown: string[] }).shown), [
      "The answer is complete",
    ]);
    await hide(page, false);
    assert.doesNotMatch(await page.title(), /●/);
  },
);

story("leave to notify is asked for by a click alone", async (page) => {
  await page.addInitScript(`
    window.asked = 0;
    window.Notification = {
      permission: "default",
      async requestPermission() {
        window.asked += 1;
        this.permission = "granted";
      },
    };
  `);
  await page.goto("/account");
  const asked = () => page.evaluate("asked");
  assert.equal(await asked(), 0);
  await page.getByRole("button", { name: "Allow them" }).click();
  await page.getByText("On. The browser").waitFor();
  assert.equal(await asked(), 1);
});

test("without a server there is a page that says so, and nothing private was kept for it", {
  skip: withoutChromium,
}, async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "aifacade-"));
  const server = await startServer({
    DATABASE_URL: `file:${path.join(folder, "chat.db")}`,
    DEEPSEEK_BASE_URL: app.fake.url,
  });
  const browser = await launchChromium();
  const page = await browser.newPage({ baseURL: server.url });
  await page.goto("/register");
  await page.fill("[name=username]", "ada");
  await page.fill("[name=password]", PASSWORD);
  await page.click("main button[type=submit]");
  await page.waitForURL(`${server.url}/`);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await ask(page, "chaos:say Private words");
  await settled(page);
  await page.reload();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  const kept = await page.evaluate(keptAddresses);
  assert.ok(kept.includes("/offline"));
  assert.deepEqual(
    kept.filter((address) => address !== "/offline" && !address.startsWith("/assets/")),
    [],
  );

  await server.end("SIGTERM");
  await page.goto("/conversations");
  await page.getByText("There is no connection to the server").waitFor();
  assert.equal(await page.evaluate(() => document.styleSheets.length > 5), true);
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

async function keptAddresses(): Promise<string[]> {
  const names = await caches.keys();
  const stores = await Promise.all(names.map((name) => caches.open(name)));
  const requests = await Promise.all(stores.map((store) => store.keys()));
  return requests.flat().map(({ url }) => new URL(url).pathname);
}

story(
  "Escape closes the settings of a new conversation, and they have the focus again",
  async (page) => {
    await page.goto("/");
    const summary = page.locator(".composer__settings summary");
    await summary.click();
    await page.getByLabel("Temperature").fill("1");
    await page.keyboard.press("Escape");
    await page.getByLabel("Temperature").waitFor({ state: "hidden" });
    assert.equal(await summary.evaluate((element) => element === document.activeElement), true);
  },
);
