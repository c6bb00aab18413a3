import assert from "node:assert/strict";
import { test } from "node:test";
import type { Frame, Page } from "playwright-core";
import { startApp } from "../support/app.js";
import { answer, ask, settled, stories } from "../support/browser.js";
import { withoutChromium } from "../support/chromium.js";
import * as scenario from "../support/fake-deepseek.js";

const app = await startApp();
const { story, signedIn } = stories(app);
const DIAGRAM = "graph TD\n  A[Question] --> B{Known?}\n  B -->|yes| C[Answer]";

function fenced(source: string): string {
  return `Like this:\n\n\`\`\`mermaid\n${source}\n\`\`\`\n\nThat is all.`;
}

async function show(page: Page, content: string) {
  app.fake.next(scenario.answer({ content }));
  await page.goto("/");
  await ask(page, "Draw it.");
  await settled(page);
}

const drawing = (page: Page) => page.frameLocator(".code__diagram").locator("svg");

story(
  "a diagram is drawn once its answer has ended, and its source is a click away",
  async (page) => {
    const held = scenario.hold([fenced(DIAGRAM)], [" And more."]);
    app.fake.next(held);
    await ask(page, "Draw it.");
    await page.getByText("That is all.").waitFor();
    assert.equal(await page.locator("iframe").count(), 0);
    held.release();
    await settled(page);

    await drawing(page).getByText("Known?").waitFor();
    assert.equal(await answer(page).locator(".code pre").isVisible(), false);
    const box = await page.locator(".code__diagram").boundingBox();
    assert.ok(box && box.height > 100, JSON.stringify(box));

    await page.getByRole("button", { name: "Source" }).click();
    assert.equal(await answer(page).locator(".code pre").innerText(), `${DIAGRAM}\n`);
    await page.getByRole("button", { name: "Diagram" }).click();
    assert.equal(await drawing(page).getByText("Known?").isVisible(), true);

    await page.reload();
    await drawing(page).getByText("Known?").waitFor();
  },
);

story("what is no diagram stays as it was written", async (page) => {
  await show(page, fenced("graph TD\n  A[[[ --> nonsense ((("));
  await page.locator("iframe").waitFor({ state: "detached" });
  assert.equal(await answer(page).locator(".code pre").isVisible(), true);
  assert.equal(await page.getByRole("button", { name: "Source" }).count(), 0);
});

story("a page without a diagram loads nothing for one", async (page) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await show(page, "```js\nlet a;\n```");
  assert.deepEqual(
    asked.filter((url) => /\/diagrams\//.test(url)),
    [],
  );
});

// The frame of what is no diagram goes while one looks.
function pwnedIn(frame: Frame): Promise<unknown> {
  return frame.evaluate("pwned").catch((error) => {
    if (!frame.isDetached()) throw error;
    return [];
  });
}

// In ours nothing could be asked for either: each of these would be seen, as a complaint or a request.
story(
  "whatever a diagram holds, it runs nothing, asks for nothing and reaches no page of ours",
  async (page) => {
    await page.addInitScript("window.pwned = []; window.alert = (x) => window.pwned.push(x)");
    for (const source of [
      "graph TD; A[<img src=x onerror=alert(1)>] --> B",
      "graph TD; A-->B; click A call alert(1)",
      'graph TD; A-->B; click A href "javascript:alert(1)" _top',
      "%%{init: {'securityLevel': 'loose', 'htmlLabels': true}}%%\ngraph TD; A[<b onclick=alert(1)>x</b>] --> B",
      "%%{init: {'themeCSS': '* { background: url(https://evil.example/x) }'}}%%\ngraph TD; A --> B",
    ]) {
      await show(page, fenced(source));
      await Promise.race([
        drawing(page).waitFor(),
        page.locator("iframe").waitFor({ state: "detached" }),
      ]);
      for (const frame of page.frames()) assert.deepEqual(await pwnedIn(frame), [], source);
      assert.match(page.url(), /\/conversations\//);
    }
  },
);

story("the page of a diagram has no origin, and hears only the page around it", async (page) => {
  await show(page, fenced(DIAGRAM));
  await drawing(page).waitFor();
  const [, frame] = page.frames();
  assert.equal(await frame?.evaluate("origin"), "null");
  for (const attempt of [
    "document.cookie",
    "parent.document",
    "localStorage.length",
    "top.location.href",
  ])
    await assert.rejects(
      frame?.evaluate(attempt) as Promise<unknown>,
      /Security|denied|Blocked|sandboxed/i,
      attempt,
    );
});

test("without JavaScript a diagram is its source", { skip: withoutChromium }, async () => {
  const owner = await app.signedIn("still owner");
  app.fake.next(scenario.answer({ content: fenced(DIAGRAM) }));
  const path = await owner.ask("Draw it.");
  await owner.settled(path);
  const page = await signedIn("still drawer", { javaScriptEnabled: false });
  await page
    .context()
    .addCookies([...owner.cookies].map(([name, value]) => ({ name, value, url: app.url })));
  await page.context().setExtraHTTPHeaders({ "User-Agent": owner.userAgent });
  await page.goto(path);
  assert.equal(await answer(page).locator(".code pre").innerText(), `${DIAGRAM}\n`);
  assert.equal(await page.locator("iframe, mermaid-diagram button:visible").count(), 0);
  await page.context().close();
});
