import { mock } from "node:test";
import type { TestApp } from "./app.js";

const HOUR_MS = 3_600_000;
let hours = 0;

/** The models that the fake lists from now on, and that the application knows of. */
export async function offer({ fake }: TestApp, ...models: object[]) {
  const { refreshed } = await import("../../src/generator/catalogue.js");
  const { now } = performance;
  hours += 1;
  // One that is under way brings what was listed before.
  await refreshed();
  fake.models = { object: "list", data: models };

  // What is known of the list is asked for anew after a while.
  const later = mock.method(performance, "now", () => now.call(performance) + hours * HOUR_MS);
  await refreshed();
  later.mock.restore();
}
