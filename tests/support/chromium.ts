import { type Browser, chromium } from "playwright-core";
import { pathOf, without } from "./programs.js";

// Chromium is not to talk to anybody but the server under test.
const QUIET = [
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-gpu",
  "--disable-quic",
  "--disable-sync",
  "--no-first-run",
];

/** For the `skip` option of a test: why there is no browser, or false. */
export const withoutChromium: string | false = without("chromium");

/** A later argument overrides an earlier one of the same name. */
export function launchChromium(...args: string[]): Promise<Browser> {
  return chromium.launch({ executablePath: pathOf("chromium") ?? "", args: [...QUIET, ...args] });
}
