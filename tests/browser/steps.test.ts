import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { startApp } from "../support/app.js";
import { ask, settled, stories } from "../support/browser.js";
import * as scenario from "../support/fake-deepseek.js";
import { lengthen } from "../support/long-conversation.js";

const app = await startApp();
const { story } = stories(app);
const LONG = Array.from({ length: 40 }, (_, n) => `Paragraph ${n}.\n\n`).join("");

/** Asks so many questions, each with an answer longer than the window. */
async function talk(page: Page, questions: number) {
  await page.emulateMedia({ reducedMotion: "reduce" });
  for (let number = 1; number <= questions; number += 1) {
    app.fake.next(scenario.answer({ content: LONG }));
    await ask(page, `Question ${number}`);
    await page.getByText(`Question ${number}`, { exact: true }).last().waitFor();
    await settled(page);
  }
}

/** The question that has the focus, and how far below the window's edge it stands. */
async function here(page: Page) {
  const found = page.locator(".message--question:focus");
  const box = await found.boundingBox();
  return { text: await found.locator(".message__body").innerText(), top: Math.round(box?.y ?? -1) };
}

story(
  "Alt with the arrows goes from question to question, and ends in the composer",
  async (page) => {
    await talk(page, 3);
    const walk: string[] = [];
    for (const key of ["ArrowUp", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowDown", "ArrowDown"]) {
      await page.keyboard.press(`Alt+${key}`);
      const { text, top } = await here(page);
      walk.push(text.replace("Question ", ""));
      assert.ok(text === "Question 1" || top === 64, `${text} stands at ${top}`);
    }
    assert.deepEqual(walk, ["3", "2", "1", "1", "2", "3"]);

    await page.keyboard.press("Alt+ArrowDown");
    assert.equal(await page.evaluate("document.activeElement.id"), "prompt");
  },
);

story("in a text that is being written the arrows stay what they are", async (page) => {
  await talk(page, 1);
  await page.fill("textarea[name=prompt]", "Half a thought");
  await page.press("textarea[name=prompt]", "Alt+ArrowUp");
  assert.equal(await page.evaluate("document.activeElement.id"), "prompt");
});

story(
  "from where somebody has scrolled to, the next question is the next one they see",
  async (page) => {
    await talk(page, 3);
    await page.evaluate(() => scrollTo(0, 0));
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await page.keyboard.press("Alt+ArrowDown");
    assert.equal((await here(page)).text, "Question 2");
  },
);

story("the buttons do the same, and tell the keys", async (page) => {
  await talk(page, 3);
  const previous = page.getByRole("button", { name: "Previous question" });
  assert.match(String(await previous.getAttribute("title")), /Alt\+↑/);
  await press(previous);
  await press(previous);
  assert.equal((await here(page)).text, "Question 2");
  await press(page.getByRole("button", { name: "Next question" }));
  assert.equal((await here(page)).text, "Question 3");
});

// A click of Playwright's own would scroll first, as if the button were not in sight.
async function press(button: Locator) {
  const box = await button.boundingBox();
  await button.page().mouse.click(Number(box?.x) + 9, Number(box?.y) + 9);
}

story("above the first question the way leads on to earlier messages", async (page) => {
  await talk(page, 1);
  lengthen(app, String(new URL(page.url()).pathname.split("/").at(-1)), 60);
  await page.goto(new URL(page.url()).pathname);
  for (let steps = 0; steps < 26; steps += 1) await page.keyboard.press("Alt+ArrowUp");
  await page.keyboard.press("Enter");
  await page.getByText("Question 1", { exact: true }).first().waitFor();
  await page.waitForURL(/before=\d+/);
});
