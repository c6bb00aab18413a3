// node --import tsx tests/browser/pictures.ts [folder] [address]
// Pictures of every page, wide and narrow, light and dark, with the demo model's real answers.
import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Page } from "playwright-core";
import { PASSWORD } from "../support/app.js";
import { ask } from "../support/browser.js";
import { launchChromium } from "../support/chromium.js";

const SIZES = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } };
const ANSWER_MS = 60_000;
// Who registers first on a new server is its administrator.
const PAGES =
  `account account/password account/usage account/files account/shares conversations archive trash
  folders prompts presets presets/new imports shortcuts temporary admin admin/providers admin/providers/new
  admin/prices admin/prices/new admin/usage`.split(/\s+/);

const [, , folder = "deploy/pictures", address = "http://127.0.0.1:3000"] = process.argv;
mkdirSync(folder, { recursive: true });
const browser = await launchChromium();
const page = await browser.newPage({ baseURL: address, reducedMotion: "reduce" });

for (const visited of ["login", "register", "logout", "nowhere"])
  await visit(`/${visited}`, visited);
await register(`Ada ${Date.now() % 100_000}`);
await visit("/", "home");
await ask(page, "What is AIFacade, and how do I connect a real model?");
await page.getByText("Thoughts").waitFor();
await page.waitForTimeout(3_500);
await take("growing");
await finished();
await follow("Show me some Python code.");
await follow("Compare a few things in a table.");
await take("conversation");
await page.evaluate(() => scrollTo(0, 0));
// Until the page knows that somebody has scrolled, it follows its end into every new size.
await page.waitForTimeout(200);
await take("conversation-top");
await page.locator(".receipt summary").last().click();
await page.locator(".reasoning summary").last().click();
await take("receipt");
for (const visited of PAGES) await visit(`/${visited}`, visited.replaceAll("/", "-"));
// The server makes what is new searchable each second.
await page.waitForTimeout(1_500);
await visit("/search?q=model&role=answer", "search");
await page.setViewportSize(SIZES.narrow);
await page.getByRole("button", { name: "Conversations and account" }).click();
await take("drawer", ["narrow"]);
await browser.close();

async function visit(where: string, name: string) {
  await page.goto(where);
  await take(name);
}

async function register(username: string) {
  await page.goto("/register");
  await page.fill("[name=username]", username);
  await page.fill("[name=password]", PASSWORD);
  await page.click("main button[type=submit]");
  await page.waitForURL(`${address}/`);
}

async function follow(question: string) {
  await page.fill("textarea[name=prompt]", question);
  await page.press("textarea[name=prompt]", "Enter");
  await page.waitForSelector("[aria-busy=true]");
  await finished();
}

async function finished() {
  await page.waitForSelector("[aria-busy=true]", { state: "detached", timeout: ANSWER_MS });
}

async function take(name: string, sizes = Object.keys(SIZES) as (keyof typeof SIZES)[]) {
  for (const size of sizes) {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.setViewportSize(SIZES[size]);
      await page.emulateMedia({ colorScheme });
      await shoot(page, `${name}-${size}-${colorScheme}.png`);
    }
  }
}

async function shoot(from: Page, file: string) {
  await from.waitForTimeout(250);
  await from.screenshot({ path: path.join(folder, file) });
}
