import assert from "node:assert/strict";
import { test } from "node:test";
import { read } from "./sources.js";

interface Lock {
  packages: Record<string, { version?: string; resolved?: string; link?: boolean }>;
}

const lock = JSON.parse(read("package-lock.json")) as Lock;
const manifest = JSON.parse(read("package.json"));

// npm audit needs the network; these are the floors under which a hole is known.
const FLOORS = {
  "proxy-addr": ["2.0.8", "CVE-2026-90711"],
  undici: ["7.18.0", "CVE-2026-22036"],
  qs: ["6.14.2", "CVE-2026-2391"],
  multer: ["2.2.0", "CVE-2026-5079"],
  passport: ["0.6.0", "CVE-2022-25896"],
  ejs: ["3.1.10", "CVE-2024-33883"],
} as const;

for (const [name, [floor, reason]] of Object.entries(FLOORS)) {
  test(`${name} is at least ${floor} wherever it is installed (${reason})`, () => {
    const places = Object.entries(lock.packages).filter(([place]) =>
      place.endsWith(`node_modules/${name}`),
    );
    assert.notEqual(places.length, 0, `${name} is not installed any more`);
    for (const [place, { version = "" }] of places) {
      assert.ok(isAtLeast(version, floor), `${place} is ${version}`);
    }
  });
}

test("the reader of PDF is the one before the hole (CVE-2026-16633), until there is one after it", () => {
  assert.equal(lock.packages["node_modules/unpdf"]?.version, "1.4.0");
});

test("every dependency has exactly one version", () => {
  const wanted = { ...manifest.dependencies, ...manifest.devDependencies };
  for (const [name, version] of Object.entries<string>(wanted)) {
    assert.match(version, /^\d+\.\d+\.\d+/, name);
    assert.equal(lock.packages[`node_modules/${name}`]?.version, version, name);
  }
});

test("every package comes from the registry, with its checksum", () => {
  for (const [place, entry] of Object.entries(lock.packages)) {
    if (place === "" || entry.link) continue;
    assert.match(JSON.stringify(entry), /"integrity":"sha512-/, place);
    assert.doesNotMatch(entry.resolved ?? "", /^(?:git|file|http:)/, place);
  }
});

function isAtLeast(version: string, floor: string): boolean {
  return version.localeCompare(floor, "en", { numeric: true }) >= 0;
}
