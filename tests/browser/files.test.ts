import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { startApp } from "../support/app.js";
import { intercept, settled, stories } from "../support/browser.js";
import { withoutChromium } from "../support/chromium.js";

const app = await startApp({ FILE_MAX_MEGABYTES: "1" });
const { story, signedIn } = stories(app);

const QUESTION = "chaos:say Read.";
const chosen = (page: Page) => page.locator(".composer .file");
const ready = (page: Page, name: string) => page.locator(".file--chosen", { hasText: name });
const told = () => String(app.fake.requests.at(-1)?.body.messages.at(-1).content);
const textFile = (name: string, text = "Some words.") => ({
  name,
  mimeType: "text/plain",
  buffer: Buffer.from(text),
});

async function choose(page: Page, ...files: ReturnType<typeof textFile>[]) {
  await page.locator(".composer input[type=file]").setInputFiles(files);
}

/** A drop or a paste of one file, as a browser reports it. */
async function bring(page: Page, kind: "drop" | "paste", name: string) {
  await page.evaluate(
    ({ kind, name }) => {
      const data = new DataTransfer();
      data.items.add(new File(["Brought words."], name, { type: "text/plain" }));
      const options = { bubbles: true, cancelable: true };
      const event =
        kind === "drop"
          ? new DragEvent("drop", { ...options, dataTransfer: data })
          : new ClipboardEvent("paste", { ...options, clipboardData: data });
      document.querySelector(kind === "drop" ? "main" : "textarea")?.dispatchEvent(event);
    },
    { kind, name },
  );
}

async function send(page: Page) {
  await page.fill("textarea[name=prompt]", QUESTION);
  await page.press("textarea[name=prompt]", "Enter");
  await page.waitForURL(/\/conversations\/[\w-]+/);
  await settled(page);
}

/** Without JavaScript it may be read on a page of its own, for as long as it grows. */
async function answered(page: Page) {
  await page.getByText("Read.", { exact: true }).waitFor();
}

story("a chosen file is read at once, and goes with the question", async (page) => {
  await choose(page, textFile("notes.txt"));
  await page.locator(".file__about", { hasText: "2 words" }).waitFor();
  await send(page);

  assert.match(told(), /\[file name\]: notes\.txt\n\[file content begin\]\nSome words\./);
  assert.equal(await page.locator(".message--question .file__name").innerText(), "notes.txt");
  assert.equal(await chosen(page).count(), 0);
});

story("files are dropped onto the page and pasted into the box", async (page) => {
  await bring(page, "drop", "dropped.txt");
  await ready(page, "dropped.txt").waitFor();
  await bring(page, "paste", "pasted.txt");
  await ready(page, "pasted.txt").waitFor();
  await send(page);

  assert.match(told(), /dropped\.txt[\s\S]*pasted\.txt/);
});

story("a cross takes a file back, by keyboard too", async (page) => {
  await choose(page, textFile("wrong.txt"), textFile("right.txt"));
  await Promise.all(["wrong.txt", "right.txt"].map((name) => ready(page, name).waitFor()));
  const gone = page.waitForResponse((response) => response.request().method() === "DELETE");
  await page.getByLabel("Send wrong.txt").focus();
  await page.keyboard.press("Space");

  assert.equal((await gone).status(), 204);
  assert.deepEqual(await chosen(page).locator(".file__name").allInnerTexts(), ["right.txt"]);
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("type")), "file");
});

story("what cannot be read says so at once, and is left out", async (page) => {
  await choose(page, textFile("large.txt", "x".repeat(1_000_001)), textFile("empty.txt", ""));
  await page.getByText("A file has at most 1 MB.").waitFor();
  await page.getByText("empty.txt is empty.").waitFor();
  await page.getByRole("button", { name: "Leave out large.txt" }).click();
  assert.equal(await chosen(page).count(), 1);
  await send(page);

  assert.equal(told(), QUESTION);
});

story("sending waits until a file is there", async (page) => {
  let go = () => {};
  const until = new Promise<void>((resolve) => {
    go = resolve;
  });
  await intercept(page, "**/files", async (route) => {
    await until;
    await route.continue();
  });
  await choose(page, textFile("slow.txt"));
  await page.fill("textarea[name=prompt]", QUESTION);
  await page.press("textarea[name=prompt]", "Enter");
  assert.equal(new URL(page.url()).pathname, "/");

  go();
  await page.waitForURL(/\/conversations\/[\w-]+/);
  await settled(page);
  assert.match(told(), /slow\.txt/);
});

story(
  "a file that was chosen and not sent is there after a reload, until it is taken away",
  async (page) => {
    await choose(page, textFile("waiting.txt"));
    await ready(page, "waiting.txt").waitFor();
    await page.reload();
    assert.equal(await chosen(page).count(), 1);

    const gone = page.waitForResponse((response) => response.request().method() === "DELETE");
    await ready(page, "waiting.txt").locator("label").click();
    await gone;
    await page.reload();
    assert.equal(await chosen(page).count(), 0);
  },
);

test("without JavaScript a file goes with the form", { skip: withoutChromium }, async () => {
  const page = await signedIn("still sender", { javaScriptEnabled: false });
  await choose(page, textFile("plain.txt"));
  await page.fill("textarea[name=prompt]", QUESTION);
  await page.click("button[aria-label=Send]");
  await answered(page);

  assert.match(told(), /plain\.txt\n\[file content begin\]\nSome words\./);
});

test("without JavaScript a refused question keeps its files, each to be left out", {
  skip: withoutChromium,
}, async () => {
  const page = await signedIn("still keeper", { javaScriptEnabled: false });
  await choose(page, textFile("kept.txt"), textFile("empty.txt", ""));
  await page.fill("textarea[name=prompt]", QUESTION);
  await page.click("button[aria-label=Send]");
  await page.getByText("empty.txt is empty.").waitFor();

  await page.getByLabel("Send kept.txt").uncheck();
  await page.click("button[aria-label=Send]");
  await answered(page);
  assert.equal(told(), QUESTION);
});
