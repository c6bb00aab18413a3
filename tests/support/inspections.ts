import assert from "node:assert/strict";
import { test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import type { TestApp } from "./app.js";
import { stories } from "./browser.js";
import { withoutChromium } from "./chromium.js";

const VIEWPORTS = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
];

/** Tests that look at pages with axe, wide and narrow, light and dark; each by a person of its own, or by nobody. */
export function inspections(app: TestApp) {
  const { open, signedIn } = stories(app);

  return function inspection(
    what: string,
    person: string | null,
    look: (page: Page) => Promise<void>,
  ) {
    test(`axe finds nothing on ${what}`, { skip: withoutChromium }, async () => {
      const page = person ? await signedIn(person) : await open();
      await look(page);
      await page.context().close();
    });
  };
}

export async function inspect(page: Page, path: string) {
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
