import assert from "node:assert/strict";
import { test } from "node:test";
import axe from "axe-core";
import type { Page } from "playwright-core";
import type { TestApp } from "./app.js";
import { stories } from "./browser.js";
import { withoutChromium } from "./chromium.js";

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 390, height: 844 };
// A theme changes colours and nothing else, and the same ones at every width.
const LOOKS = [
  { viewport: WIDE, colorScheme: "light", rules: null },
  { viewport: NARROW, colorScheme: "light", rules: null },
  { viewport: WIDE, colorScheme: "dark", rules: ["color-contrast"] },
] as const;

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
  for (const { viewport, colorScheme, rules } of LOOKS) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    assert.deepEqual(
      await violations(page, rules),
      [],
      `${path}, ${viewport.width} px, ${colorScheme}`,
    );
    await assertNoSidewaysScroll(page, path);
  }
}

// By itself and not through its builder for Playwright, which opens a second page for each look.
async function violations(page: Page, rules: readonly string[] | null): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  return page.evaluate(async (rules) => {
    const { axe } = window as unknown as { axe: typeof import("axe-core") };
    const { violations } = await axe.run({
      resultTypes: ["violations"],
      ...(rules && { runOnly: { type: "rule", values: [...rules] } }),
    });
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  }, rules);
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
