import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";

/** What some tests need beyond Node, where Debian has it, and in which of its packages. */
const PROGRAMS = {
  caddy: { path: "/usr/bin/caddy", package: "caddy" },
  chromium: { path: "/usr/bin/chromium", package: "chromium" },
  faketime: { path: "/usr/bin/faketime", package: "faketime" },
  ip: { path: "/usr/sbin/ip", package: "iproute2" },
  iptables: { path: "/usr/sbin/iptables", package: "iptables" },
  nginx: { path: "/usr/sbin/nginx", package: "nginx" },
  openssl: { path: "/usr/bin/openssl", package: "openssl" },
  promtool: { path: "/usr/bin/promtool", package: "prometheus" },
  strace: { path: "/usr/bin/strace", package: "strace" },
  "systemd-analyze": { path: "/usr/bin/systemd-analyze", package: "systemd" },
} as const;

export type Program = keyof typeof PROGRAMS;

// Debian starts a service as soon as it is installed, unless this file says no (invoke-rc.d(8)).
const SERVICE_POLICY = "/usr/sbin/policy-rc.d";

/** For the `skip` option of a test: why one of these programs is not there, or false. */
export function without(...names: Program[]): string | false {
  const missing = names.find((name) => pathOf(name) === null);
  if (!missing) return false;
  return (
    process.env[reasonVariable(missing)] ?? `no ${missing}; ${pathVariable(missing)} may name one`
  );
}

/** Where a program is: the variable named after it (`CHROMIUM_PATH`) comes before Debian's place. */
export function pathOf(name: Program): string | null {
  const file = process.env[pathVariable(name)] || PROGRAMS[name].path;
  return existsSync(file) ? file : null;
}

/** Installs what is missing where that is possible; the tests of what is still missing are left out. */
export function ensureInstalled(names: Program[]) {
  const wanted = names.filter((name) => pathOf(name) === null);
  const reason = wanted.length > 0 ? cannotInstall() : null;
  const packages = wanted.filter((name) => !process.env[pathVariable(name)]);

  if (packages.length > 0 && !reason) aptInstall(packages.map((name) => PROGRAMS[name].package));
  for (const name of wanted.filter((name) => pathOf(name) === null)) leaveOut(name, reason);
}

function leaveOut(name: Program, reason: string | null) {
  const named = process.env[pathVariable(name)];
  const why = named
    ? `${pathVariable(name)} names ${named}, which is not there`
    : (reason ?? "apt-get could not install it (see above)");

  process.env[reasonVariable(name)] = `no ${name}: ${why}`;
  console.log(`The tests with ${name} are left out: ${why}.`);
}

function cannotInstall(): string | null {
  const release = "/etc/os-release";
  if (!existsSync(release) || !/^ID=debian$/m.test(readFileSync(release, "utf8"))) {
    return "it is not where Debian has it, and this is not Debian";
  }
  return process.getuid?.() === 0 ? null : "only root can install it with apt-get";
}

function aptInstall(packages: string[]) {
  console.log(`Installing what tests need of Debian: ${packages.join(", ")}.`);
  const isOurs = !existsSync(SERVICE_POLICY);
  if (isOurs) writeFileSync(SERVICE_POLICY, "#!/bin/sh\nexit 101\n", { mode: 0o755 });

  aptGet("update");
  aptGet("install", "-y", "--no-install-recommends", ...packages);
  if (isOurs) rmSync(SERVICE_POLICY);
}

function aptGet(...args: string[]) {
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  spawnSync("apt-get", ["-q", ...args], {
    env: environment,
    stdio: ["ignore", "inherit", "inherit"],
  });
}

function pathVariable(name: Program): string {
  return `${name.toUpperCase().replaceAll("-", "_")}_PATH`;
}

function reasonVariable(name: Program): string {
  return `NO_${name.toUpperCase().replaceAll("-", "_")}`;
}
