import { startApp } from "../support/app.js";
import { settled } from "../support/browser.js";
import { inspect, inspections } from "../support/inspections.js";

const app = await startApp();
const inspection = inspections(app);

inspection("the command palette and the sheet of keys", "inspected keys", async (page) => {
  await page.goto("/");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "A conversation or a place" }).waitFor();
  await inspect(page, "the command palette");
  await page.keyboard.press("Escape");
  await page.locator("h1").first().click();
  await page.keyboard.press("?");
  await page.getByRole("dialog").waitFor();
  await inspect(page, "the sheet of keys");
});

inspection("a temporary conversation", "inspected ghost", async (page) => {
  await page.goto("/temporary");
  await page.locator(".composer__settings summary").click();
  await inspect(page, "a new temporary conversation");
  await page.keyboard.press("Escape");
  await page.getByLabel("Your message").fill("What is to be asked again?");
  await page.getByRole("button", { name: "Send" }).click();
  await settled(page);
  await page.getByRole("button", { name: "Regenerate this answer" }).click();
  await page.getByText("2/2").waitFor();
  await page.getByRole("link", { name: "Edit this question" }).click();
  await page.locator("question-editor").waitFor();
  await inspect(page, "a temporary conversation");
});
