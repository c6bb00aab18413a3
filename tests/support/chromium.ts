import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const DEBIAN_PATH = "/usr/bin/chromium";

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
export const withoutChromium: string | false = chromiumPath()
  ? false
  : (process.env.NO_CHROMIUM ?? "no Chromium; CHROMIUM_PATH may name one");

/** A later argument overrides an earlier one of the same name. */
export function launchChromium(...args: string[]): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath() ?? "", args: [...QUIET, ...args] });
}

export function chromiumPath(): string | null {
  const file = process.env.CHROMIUM_PATH || DEBIAN_PATH;
  return existsSync(file) ? file : null;
}

/** Installs Debian's package where that is possible, and returns why there is still no browser, or null. */
export function ensureChromium(): string | null {
  const named = process.env.CHROMIUM_PATH;

  if (chromiumPath()) return null;
  if (named) return `CHROMIUM_PATH names ${named}, which is not there`;
  if (!isDebian()) return `there is no ${DEBIAN_PATH}, and CHROMIUM_PATH names no other`;
  if (process.getuid?.() !== 0) return "only root can install it: apt-get install chromium";

  console.log("There is no Chromium for the browser tests: installing Debian's.");
  aptGet("update");
  aptGet("install", "-y", "--no-install-recommends", "chromium");
  return chromiumPath() ? null : "apt-get could not install chromium (see above)";
}

function isDebian(): boolean {
  const release = "/etc/os-release";
  return existsSync(release) && /^ID=debian$/m.test(readFileSync(release, "utf8"));
}

function aptGet(...args: string[]) {
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  spawnSync("apt-get", ["-q", ...args], {
    env: environment,
    stdio: ["ignore", "inherit", "inherit"],
  });
}
