import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { startApp } from "../support/app.js";
import { ask, intercept, settled, stories } from "../support/browser.js";
import { withoutChromium } from "../support/chromium.js";
import * as scenario from "../support/fake-deepseek.js";
import { XSS_CORPUS } from "../support/xss-corpus.js";

const app = await startApp();
const { story, signedIn } = stories(app);

const composer = (page: Page) => page.locator("textarea#prompt");
const choices = (page: Page) => page.locator("[role=option]:visible");
const active = (page: Page) => page.locator("[role=option][aria-selected=true]");

async function write(page: Page, ...prompts: [name: string, title: string, body: string][]) {
  for (const [name, title, body] of prompts) {
    await page.goto("/prompts/new");
    await page.fill("[name=title]", title);
    await page.fill("[name=name]", name);
    await page.fill("[name=body]", body);
    await page.getByRole("button", { name: "Add the prompt" }).click();
    await page.waitForURL(/\/prompts$/);
  }
  await page.goto("/");
}

const TRANSLATE = ["translate", "Translate a text", "Into {{language}}:\n{{text:long}}"] as const;
const MAIL = ["mail", "Write a mail", "Write a short mail.\n"] as const;
const TERSE = ["terse", "Be terse", "Answer in one sentence."] as const;

story("a slash lists the prompts, typing filters them, and Enter puts one in", async (page) => {
  await write(page, [...TRANSLATE], [...MAIL], [...TERSE]);
  await composer(page).focus();
  await page.keyboard.type("/");
  await choices(page).first().waitFor();
  assert.deepEqual(await choices(page).locator("code").allInnerTexts(), [
    "/mail",
    "/terse",
    "/translate",
  ]);
  assert.match(await active(page).innerText(), /mail/);
  const id = String(await active(page).getAttribute("id"));
  assert.equal(await composer(page).getAttribute("aria-activedescendant"), id);

  await page.keyboard.press("ArrowUp");
  assert.match(await active(page).innerText(), /translate/);
  await page.keyboard.type("MA");
  assert.deepEqual(await choices(page).locator("code").allInnerTexts(), ["/mail"]);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector("textarea")?.value.startsWith("Write"));

  assert.equal(await composer(page).inputValue(), MAIL[2]);
  assert.equal(await choices(page).count(), 0);
  await page.keyboard.type("To Ada.");
  assert.equal(await composer(page).inputValue(), `${MAIL[2]}To Ada.`);
  await page.reload();
  assert.equal(await composer(page).inputValue(), `${MAIL[2]}To Ada.`);
});

story(
  "what a prompt leaves open is asked in a dialog, and stands in the text then",
  async (page) => {
    await write(page, [...TRANSLATE]);
    await composer(page).focus();
    await page.keyboard.type("/tr");
    await choices(page).first().waitFor();
    await page.keyboard.press("Tab");
    const dialog = page.getByRole("dialog", { name: "Fill in the prompt" });
    await dialog.waitFor();
    assert.equal(
      await dialog.getByLabel("language").evaluate((field) => field.matches(":focus")),
      true,
    );
    await page.keyboard.type("{{text}} $& <b>");
    await dialog.getByLabel("text").fill("One\ntwo");
    await dialog.getByRole("button", { name: "Put into the message" }).click();
    await dialog.waitFor({ state: "hidden" });

    assert.equal(await composer(page).inputValue(), "Into {{text}} $& <b>:\nOne\ntwo");
    assert.equal(await composer(page).evaluate((field) => field.matches(":focus")), true);
  },
);

story("nothing that was typed is lost, whatever is pressed", async (page) => {
  await write(page, [...TRANSLATE], [...MAIL]);
  await composer(page).fill("behind");
  await composer(page).press("Home");
  await page.keyboard.type("/m");
  await choices(page).first().waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await choices(page).count(), 0);
  assert.equal(await composer(page).inputValue(), "/mbehind");

  await page.keyboard.type("a");
  await choices(page).first().waitFor();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector("textarea")?.value.startsWith("Write"));
  assert.equal(await composer(page).inputValue(), `${MAIL[2]}behind`);

  await composer(page).fill("/translate");
  await choices(page).first().waitFor();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Fill in the prompt" });
  await dialog.waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  assert.equal(await composer(page).inputValue(), "/translate");
});

story("a slash that names nothing is sent as it stands", async (page) => {
  await write(page, [...MAIL]);
  const loaded = page.waitForResponse(/\/prompts\/choices/);
  await composer(page).fill("/etc/hosts");
  await loaded;
  assert.equal(await choices(page).count(), 0);
  await Promise.all([page.waitForURL(/\/conversations\//), page.keyboard.press("Enter")]);
  assert.equal(await page.locator(".message--question .message__body").innerText(), "/etc/hosts");
});

story("Escape closes the list and not the answer that grows", async (page) => {
  await write(page, [...MAIL]);
  const held = scenario.hold(["It grows "], ["to its end."]);
  app.fake.next(held);
  await ask(page, "Grow.");
  await page.getByText("It grows").waitFor();
  await composer(page).focus();
  await page.keyboard.type("/m");
  await choices(page).first().waitFor();
  await page.keyboard.press("Escape");
  held.release();
  await settled(page);
  await page.getByText("It grows to its end.").waitFor();
});

story("a prompt that is chosen on the page of prompts comes behind the draft", async (page) => {
  await write(page, [...MAIL], [...TRANSLATE]);
  await ask(page, "chaos:say Yes.");
  await settled(page);
  const conversation = page.url();
  await composer(page).fill("A draft.");
  await page.getByRole("link", { name: "Prompts", exact: true }).click();
  await page.getByRole("link", { name: "Translate a text", exact: true }).click();
  await page.getByLabel("language").fill("French");
  await page.getByRole("button", { name: "Put into the message" }).click();
  await page.waitForURL(`${conversation}#prompt`);
  assert.equal(await composer(page).inputValue(), "A draft.\n\nInto French:\n");

  await page.goto(conversation);
  const saved = page.waitForResponse(/\/drafts$/);
  await composer(page).fill("A draft.");
  await saved;
  await page.getByRole("link", { name: "Prompts", exact: true }).click();
  await page.getByRole("button", { name: "Write a mail", exact: true }).click();
  await page.waitForURL(`${conversation}#prompt`);
  assert.equal(await composer(page).inputValue(), `A draft.\n\n${MAIL[2]}`);
});

story("where a prompt cannot be fetched its own page opens, with the draft", async (page) => {
  await write(page, [...TRANSLATE]);
  await intercept(page, "**/prompts/*/use", (route) =>
    route.request().resourceType() === "fetch" ? route.fulfill({ status: 503 }) : route.continue(),
  );
  await composer(page).fill("/translate");
  await choices(page).first().click();
  await page.waitForURL(/\/use$/);
  await page.getByLabel("language").fill("French");
  await page.getByRole("button", { name: "Put into the message" }).click();
  await page.waitForURL(`${app.url}/#prompt`);
  assert.match(await composer(page).inputValue(), /Into French:/);
});

story("what prompts are called and say runs nothing", async (page) => {
  await page.addInitScript("window.pwned = []; window.alert = (x) => window.pwned.push(x)");
  const payloads = XSS_CORPUS.filter((text) => !text.includes("\0") && text.trim() !== "");
  const all = payloads.join("\n");
  await write(page, ["evil", payloads.slice(0, 4).join("").slice(0, 100), all.slice(0, 19_000)]);
  await write(page, ["gap", "<img src=x onerror=alert(1)>", "{{a}}<script>alert(1)</script>"]);
  await page.goto("/prompts");
  await page.goto("/");
  await composer(page).fill("/evil");
  await choices(page).first().click();
  await page.waitForFunction(() => (document.querySelector("textarea")?.value.length ?? 0) > 1000);
  await composer(page).fill("/gap");
  await choices(page).first().click();
  await page.getByLabel("a", { exact: true }).fill("<img src=x onerror=alert(1)>");
  await page.getByRole("button", { name: "Put into the message" }).click();
  await page.waitForFunction(() => document.querySelector("textarea")?.value.startsWith("<img"));
  assert.deepEqual(await page.evaluate("pwned"), []);
});

test("without JavaScript a prompt is chosen on its page", { skip: withoutChromium }, async () => {
  const page = await signedIn("still writer", { javaScriptEnabled: false });
  await page.goto("/prompts");
  await page.getByRole("button", { name: "Add this one" }).click();
  await page.getByText("Prompt added").waitFor();
  await page.goto("/");
  await page.getByRole("link", { name: "Prompts", exact: true }).click();
  await page.getByRole("link", { name: "Translate a text", exact: true }).click();
  await page.getByLabel("language").fill("French");
  await page.getByLabel("text").fill("Good morning");
  await page.getByRole("button", { name: "Put into the message" }).click();
  assert.match(await composer(page).inputValue(), /into French\.[\s\S]*Good morning$/);
  await page.goto("/prompts");
  await page.getByRole("button", { name: "Delete “Translate a text”" }).click();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByText("Prompt deleted").waitFor();
});
