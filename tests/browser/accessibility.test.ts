import assert from "node:assert/strict";
import { test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { startApp } from "../support/app.js";
import { ask, settled, stories } from "../support/browser.js";
import { withoutChromium } from "../support/chromium.js";
import * as scenario from "../support/fake-deepseek.js";
import { FAKE_MODEL, FAKE_PRO } from "../support/fake-deepseek.js";
import { lengthen } from "../support/long-conversation.js";
import { offer } from "../support/models.js";
import { share } from "../support/sharing.js";

const app = await startApp();
const { open, signedIn } = stories(app);
const VIEWPORTS = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
];
const RICH = [
  "## A heading\n\nSome **text** with `code` and a [link](https://example.org/page).",
  "| Left | Right |\n| :--- | ---: |\n| a | 1 |",
  "```python\ndef f(x):\n    return x * 2  # twice\n```",
  "> A quote\n\n1. one\n2. two\n\n- [x] done\n\n![An image](https://example.org/a.png)",
].join("\n\n");

async function inspect(page: Page, path: string) {
  for (const viewport of VIEWPORTS) {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const axe = new AxeBuilder({ page });
      // A theme changes colours and nothing else.
      const { violations } = await (colorScheme === "dark"
        ? axe.withRules(["color-contrast"])
        : axe
      ).analyze();
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
      assert.deepEqual(found, [], `${path}, ${viewport.width} px, ${colorScheme}`);
      await assertNoSidewaysScroll(page, path);
    }
  }
}

async function assertNoSidewaysScroll(page: Page, path: string) {
  const { scrollWidth, clientWidth } = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return { scrollWidth, clientWidth };
  });
  assert.ok(
    scrollWidth <= clientWidth,
    `${path} scrolls sideways: ${scrollWidth} in ${clientWidth}`,
  );
}

function inspection(what: string, person: string | null, look: (page: Page) => Promise<void>) {
  test(`axe finds nothing on ${what}`, { skip: withoutChromium }, async () => {
    const page = person ? await signedIn(person) : await open();
    await look(page);
    await page.context().close();
  });
}

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

inspection("what things have cost", "inspected spender", async (page) => {
  await ask(page, `What does it cost? ${"long ".repeat(30)}`);
  await settled(page);
  const address = new URL(page.url()).pathname;
  for (const path of ["/account/usage", `${address}/usage`]) {
    await page.goto(path);
    for (const summary of await page.locator("main details > summary").all()) await summary.click();
    await inspect(page, path);
  }
  await page.goto("/account/usage?from=2026-11-05&to=2026-11-04");
  await inspect(page, "refused days");
});

inspection("lists with something in them", "inspected lister", async (page) => {
  for (const question of ["Kept", "Pinned", `Archived ${"long ".repeat(30)}`, "Deleted"]) {
    await page.goto("/");
    await ask(page, question);
    await settled(page);
    if (question === "Kept") continue;
    await page.getByRole("button", { name: "Options for" }).click();
    const act = { P: "Pin", A: "Archive", D: "Delete" }[question.charAt(0)] ?? "";
    await page.getByRole("button", { name: act, exact: true }).click();
    await page.waitForLoadState();
  }

  await page.goto("/");
  app.fake.next(scenario.hold(["It grows "], ["."]));
  await ask(page, "Running");
  for (const path of ["/conversations", "/archive", "/trash"]) {
    await page.goto(path);
    await inspect(page, path);
  }
  await page.goto("/conversations");
  await page.getByRole("button", { name: "Options for “Kept”" }).click();
  await inspect(page, "the options of a conversation");
});

inspection("the prompts", "inspected writer", async (page) => {
  await page.goto("/prompts");
  await inspect(page, "an empty library");
  await page.getByRole("button", { name: "Add this one" }).click();
  await page.getByText("Prompt added").waitFor();
  await inspect(page, "a library");
  await page.getByRole("link", { name: "Translate a text", exact: true }).click();
  await inspect(page, "what a prompt asks for");
  await page.goto("/prompts/new");
  await page.fill("[name=title]", "A title");
  await page.fill("[name=name]", "two words");
  await page.fill("[name=body]", "A text");
  await page.getByRole("button", { name: "Add the prompt" }).click();
  await page.getByText("letters, digits and hyphens").waitFor();
  await inspect(page, "a refused prompt");

  await page.goto("/");
  await page.locator("#prompt").press("/");
  await page.locator("[role=option]").waitFor();
  await inspect(page, "the list of prompts");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await inspect(page, "a prompt that asks");
});

inspection("the presets", "inspected chooser", async (page) => {
  await page.goto("/presets/new");
  await page.fill("[name=name]", "A preset with a long name that goes on and on");
  await page.fill("[name=description]", "What it is for");
  await page.fill("[name=starters]", "One?\nTwo?\nThree?\nFour?\nFive?");
  await page.getByRole("button", { name: "Add the preset" }).click();
  await page.getByText("at most 4").waitFor();
  await inspect(page, "a refused preset");
  await page.fill("[name=starters]", "One?\nTwo?");
  await page.getByRole("button", { name: "Add the preset" }).click();
  await page.locator(".presets").waitFor();
  await inspect(page, "a preset that is chosen");
  await page.goto("/presets");
  await inspect(page, "presets");
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

inspection("the pages of an administrator", "inspected administrator", async (page) => {
  app.database
    .prepare("UPDATE User SET administrator = 1 WHERE username LIKE '%administrator'")
    .run();
  for (const path of ["/admin", "/admin/providers", "/admin/providers/new"]) {
    await page.goto(path);
    await inspect(page, path);
  }
  await page.fill("[name=name]", "Another");
  await page.fill("[name=baseUrl]", "somewhere");
  await page.click("main button[type=submit]");
  await page.getByText("Give an address").waitFor();
  await inspect(page, "a refused provider");

  await page.fill("[name=baseUrl]", app.fake.url);
  await page.click("main button[type=submit]");
  await page.getByText("It answers").waitFor();
  const address = new URL(page.url()).pathname;
  for (const path of [address, `${address}/edit`, `${address}/models`, "/admin/providers"]) {
    await page.goto(path);
    await inspect(page, path);
  }
  await page.goto(`${address}/models`);
  await page.getByLabel("These only").check();
  await inspect(page, "the models to choose from");
});

inspection("a growing answer", "inspected growth", async (page) => {
  app.fake.next(scenario.hold(["It grows "], ["."]));
  await ask(page, "Grow.");
  await page.getByText("It grows").waitFor();
  await inspect(page, "a growing answer");
});

inspection("what is shared, for its owner", "inspected sharer", async (page) => {
  app.fake.next(scenario.answer({ content: RICH, reasoning: "Considered." }));
  await ask(page, `Shared, with a very long word: ${"a".repeat(300)}`);
  await settled(page);
  await page.goto(`${new URL(page.url()).pathname}/shares/new`);
  await page.getByText("Password and number of views").click();
  await inspect(page, "the choice of what is shared");
  await page.fill("[name=views]", "none");
  await page.getByRole("button", { name: "Make the link" }).click();
  await page.getByText("whole number").waitFor();
  await inspect(page, "a refused choice");
  await page.fill("[name=views]", "3");
  await page.getByRole("button", { name: "Make the link" }).click();
  await page.locator("#share-link").waitFor();
  await inspect(page, "a link that was made");
  await page.goto("/account/shares");
  await inspect(page, "/account/shares");
});

inspection("what is shared, for its readers", null, async (page) => {
  const owner = await app.signedIn("inspected owner");
  app.fake.next(scenario.answer({ content: RICH, reasoning: "Considered." }));
  const path = await owner.ask(`Shared, with a very long word: ${"a".repeat(300)}`);
  await owner.settled(path);
  const open = await share(owner, path, (fields) => fields.set("reasoning", "on"));
  const closed = await share(owner, path, (fields) => fields.set("password", "let me in please"));

  for (const address of [open.link, closed.link, "/s/unknown"]) {
    await page.goto(address);
    await inspect(page, address);
  }
});

inspection("folders, and what is put into them", "inspected folders", async (page) => {
  await page.goto("/folders");
  await page.getByLabel("New folder").fill("Work");
  await page.getByRole("button", { name: "Make folder" }).click();
  await page.getByText("The folder is there").waitFor();
  await inspect(page, "an empty folder");
  await page.getByRole("link", { name: "New conversation in this folder" }).click();
  await ask(page, "chaos:say In it.");
  await settled(page);
  await inspect(page, "a conversation in a folder");
  await page.goto("/folders");
  await inspect(page, "/folders");
  await page.goto("/conversations");
  await page.getByLabel("Choose “chaos:say In it.”").check();
  await page.locator("#selection").getByRole("button", { name: "Folder" }).click();
  await page.getByText("Out of the folder").waitFor();
  await inspect(page, "the choice of a folder");
});
