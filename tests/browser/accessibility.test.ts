import { startApp } from "../support/app.js";
import { ask, settled } from "../support/browser.js";
import * as scenario from "../support/fake-deepseek.js";
import { FAKE_MODEL, FAKE_PRO } from "../support/fake-deepseek.js";
import { inspect, inspections } from "../support/inspections.js";
import { lengthen } from "../support/long-conversation.js";
import { offer } from "../support/models.js";

const app = await startApp();
const inspection = inspections(app);
const RICH = [
  "## A heading\n\nSome **text** with `code` and a [link](https://example.org/page).",
  "| Left | Right |\n| :--- | ---: |\n| a | 1 |",
  "```python\ndef f(x):\n    return x * 2  # twice\n```",
  "> A quote\n\n1. one\n2. two\n\n- [x] done\n\n![An image](https://example.org/a.png)",
].join("\n\n");

inspection("the pages of a visitor", null, async (page) => {
  for (const path of ["/login", "/register", "/logout", "/nowhere"]) {
    await page.goto(path);
    await inspect(page, path);
  }
});

inspection("the pages of a person", "inspected person", async (page) => {
  for (const path of [
    "/",
    "/account",
    "/search?q=nothing",
    "/account/password",
    "/account/usage",
    "/admin",
    "/admin/prices",
    "/admin/prices/new",
    "/admin/usage",
    "/conversations",
    "/archive",
    "/trash",
    "/account/shares",
    "/nowhere",
    "/logout",
  ]) {
    await page.goto(path);
    await inspect(page, path);
  }
});

inspection("a conversation", "inspected talker", async (page) => {
  app.fake.next(scenario.answer({ content: RICH, finish: "length" }));
  await ask(page, `A question with a very long word: ${"a".repeat(300)}`);
  await settled(page);
  await page.locator(".reasoning summary").click();
  await page.locator(".receipt summary").click();
  await inspect(page, "a conversation");
});

inspection("models and settings, as dialogs and as pages", "inspected chooser", async (page) => {
  await offer(app, FAKE_MODEL, FAKE_PRO);
  await page.goto("/");
  await page.locator(".composer__settings summary").click();
  await inspect(page, "a new conversation's settings");
  await ask(page, "What is to be asked again?");
  await settled(page);
  for (const name of ["Model and settings", "Ask another model"]) {
    const link = page.getByRole("link", { name });
    await link.click();
    await page.getByRole("dialog").waitFor();
    await inspect(page, `the dialog of ${name}`);
    await page.keyboard.press("Escape");
    await page.goto(String(await link.getAttribute("href")));
    await inspect(page, `the page of ${name}`);
    await page.goBack();
  }
});

inspection(
  "a question that is edited, in its place and on its page",
  "inspected editor",
  async (page) => {
    await ask(page, "What is to be edited?");
    await settled(page);
    const link = page.getByRole("link", { name: "Edit this question" });
    const address = String(await link.getAttribute("href"));
    await link.click();
    await page.locator("question-editor").waitFor();
    await inspect(page, "a question that is edited");

    await page.goto(address);
    await inspect(page, address);
    await page.fill("main textarea", " ");
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText("cannot be empty").waitFor();
    await inspect(page, "a refused version");
  },
);

inspection("the middle of a conversation", "inspected reader", async (page) => {
  await ask(page, "Where is the middle?");
  await settled(page);
  lengthen(app, String(new URL(page.url()).pathname.split("/").at(-1)), 200);
  await page.reload();
  await page.locator(".transcript__earlier a").click();
  await page.locator(".transcript__later a").first().waitFor();
  await page.keyboard.press("Alt+ArrowUp");
  await inspect(page, "the middle of a conversation");
});

inspection("a refused form and a failed answer", "inspected failure", async (page) => {
  app.fake.next(scenario.status(402, { error: { message: "Insufficient Balance" } }));
  await ask(page, "What does it cost?");
  await settled(page);
  await inspect(page, "a failed answer");

  await page.goto("/account/password");
  await page.fill("[name=current]", "not the current one");
  await page.fill("[name=password]", "password1");
  await page.click("main button[type=submit]");
  await inspect(page, "a refused form");
});

inspection("a growing answer", "inspected growth", async (page) => {
  app.fake.next(scenario.hold(["It grows "], ["."]));
  await ask(page, "Grow.");
  await page.getByText("It grows").waitFor();
  await inspect(page, "a growing answer");
});
