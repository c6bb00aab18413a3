import { startApp } from "../support/app.js";
import { ask, settled } from "../support/browser.js";
import * as scenario from "../support/fake-deepseek.js";
import { inspect, inspections } from "../support/inspections.js";
import { share } from "../support/sharing.js";

const app = await startApp();
const inspection = inspections(app);
const RICH = [
  "## A heading\n\nSome **text** with `code` and a [link](https://example.org/page).",
  "| Left | Right |\n| :--- | ---: |\n| a | 1 |",
  "```python\ndef f(x):\n    return x * 2  # twice\n```",
  "> A quote\n\n1. one\n2. two\n\n- [x] done\n\n![An image](https://example.org/a.png)",
].join("\n\n");

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

inspection("the presets", "inspected preset", async (page) => {
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
  // Before its script has come, Enter is a new line.
  await page.waitForURL(/\?folder=/);
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
