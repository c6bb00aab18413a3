import assert from "node:assert/strict";
import { after, afterEach, type TestContext, test } from "node:test";
import type { Browser, BrowserContextOptions, Page, Route } from "playwright-core";
import { PASSWORD, type TestApp } from "./app.js";
import { launchChromium, withoutChromium } from "./chromium.js";

// Most of what a browser is asked for ends by itself after half a minute; a key that is pressed does not.
const LONGEST_MS = 120_000;

/** A person at a real browser; whatever the browser complained about fails the story. */
export interface Stories {
  story(name: string, tell: (page: Page, context: TestContext) => Promise<void>): void;
  /** A fresh browser of somebody new; `name` makes the account. */
  signedIn(name: string, options?: BrowserContextOptions): Promise<Page>;
  open(options?: BrowserContextOptions): Promise<Page>;
}

let browser: Browser | null = null;
after(() => browser?.close());

export function stories(app: TestApp): Stories {
  const complaints: string[] = [];
  let people = 0;
  afterEach(() => assert.deepEqual(complaints.splice(0), []));

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    browser ??= await launchChromium();
    // What works without a server is a story of its own; in the others its worker only takes time.
    const context = await browser.newContext({
      baseURL: app.url,
      serviceWorkers: "block",
      ...options,
    });
    const page = await context.newPage();

    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" && !isExpected(message.text()))
        complaints.push(message.text());
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(app.url)) complaints.push(`asked ${request.url()}`);
    });
    return page;
  }

  async function signedIn(name: string, options?: BrowserContextOptions): Promise<Page> {
    const page = await open(options);
    const visitor = app.visitor();
    // A session stays with the kind of browser that it began in.
    visitor.userAgent = await page.evaluate(() => navigator.userAgent);
    await visitor.register(name, PASSWORD);
    const cookies = [...visitor.cookies].map(([name, value]) => ({ name, value, url: app.url }));
    await page.context().addCookies(cookies);
    await page.goto("/");
    return page;
  }

  return {
    open,
    signedIn,
    story: (name, tell) => {
      test(name, { skip: withoutChromium, timeout: LONGEST_MS }, async (context) => {
        people += 1;
        const page = await signedIn(`person ${people}`);
        await tell(page, context);
        await page.context().close();
      });
    },
  };
}

/** Answers a page's requests in the server's place. Chromium lets those through that a page makes while this is being set up, so it returns when that is over. */
export async function intercept(page: Page, url: string, handler: (route: Route) => unknown) {
  await page.route(url, handler);
  await page.route("**/intercepted", (route) => route.fulfill({ status: 204 }));
  await page.waitForFunction(async () => (await fetch("/intercepted")).status === 204);
}

/** Waits until Enter sends: before its script has come, a box takes it as a new line. */
export async function enterSends(page: Page) {
  await page.waitForFunction(() => customElements.get("message-composer"));
}

/** Types a question, sends it with Enter, and waits for its conversation. */
export async function ask(page: Page, prompt: string) {
  await enterSends(page);
  await page.fill("textarea[name=prompt]", prompt);
  await Promise.all([
    page.waitForURL(/\/conversations\/[\w-]+/),
    page.press("textarea[name=prompt]", "Enter"),
  ]);
}

/** Without JavaScript the page of an answer that is being written goes on by itself, once, to where it is read as it grows. */
export async function hasGoneOn(page: Page) {
  await page.waitForTimeout(2_500);
}

export function answer(page: Page) {
  return page.locator(".message--answer").last();
}

export async function settled(page: Page) {
  await page.waitForSelector(".message--answer:not([aria-busy=true])");
}

// A page that is refused (404, 401) is one of ours; the browser also notes it as an error.
function isExpected(text: string): boolean {
  return /status of (4\d\d|503)/.test(text);
}
