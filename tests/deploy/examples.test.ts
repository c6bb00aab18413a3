import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { CannotStart, NotNow } from "../../src/errors.js";
import { read } from "../house/sources.js";
import { pathOf, without } from "../support/programs.js";
import { root } from "../support/root.js";
import { parseYaml } from "../support/yaml.js";

process.env.NODE_ENV = "test";
const { settingNames } = await import("../../src/config.js");

const unit = read("deploy/aifacade.service");
const start = JSON.parse(read("package.json")).scripts.start as string;
const folder = mkdtempSync(path.join(os.tmpdir(), "aifacade-examples-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function directive(name: string): string | undefined {
  return new RegExp(`^${name}=(.*)$`, "m").exec(unit)?.[1];
}

// As on a machine where node is where the unit says.
function analyze(...args: string[]) {
  const file = path.join(folder, "aifacade.service");
  writeFileSync(file, unit.replaceAll("/usr/bin/node", process.execPath));
  return spawnSync(pathOf("systemd-analyze") ?? "", [...args, "--no-pager", file], {
    encoding: "utf8",
  });
}

const skip = without("systemd-analyze");

test("systemd understands every line of the unit", { skip }, () => {
  const { status, stderr } = analyze("verify");
  assert.equal(stderr, "");
  assert.equal(status, 0);
});

test("what the unit shuts off leaves little to attack", { skip }, () => {
  const { stdout } = analyze("security", "--offline=true");
  const [, level] = /Overall exposure level.*: ([\d.]+)/.exec(stdout) ?? [];
  assert.ok(Number(level) <= 1.5, stdout.slice(-200));
});

test("the unit and the image start what npm start does, without npm between", () => {
  const image = /^CMD (\[.*\])$/m.exec(read("Dockerfile"))?.[1] ?? "[]";
  assert.equal(directive("ExecStart"), `/usr/bin/${start}`);
  assert.equal(JSON.parse(image).join(" "), start);
});

test("systemd waits longer than the server needs, and does not start again what cannot start", () => {
  const server = read("src/server.ts");
  const drainMs = Number(/DRAIN_MS = ([\d_]+)/.exec(server)?.[1]?.replace("_", ""));
  assert.ok(Number(directive("TimeoutStopSec")) * 1000 > drainMs);
  assert.equal(Number(directive("RestartPreventExitStatus")), CannotStart.exitCode);
  assert.notEqual(NotNow.exitCode, CannotStart.exitCode);
});

test("every setting that an example names exists", () => {
  const named = ["aifacade.service", "Caddyfile", "nginx.conf"].flatMap((name) =>
    [...read(`deploy/${name}`).matchAll(/\b((?:[A-Z]+_)+[A-Z]+)=/g)].map(([, setting]) => setting),
  );
  assert.ok(named.length >= 5);
  for (const name of named) assert.ok(settingNames.includes(String(name)), name);
});

test("every file of ours that an example names exists", () => {
  const files = ["aifacade.service", "Caddyfile", "nginx.conf", "compose.yaml", "prometheus.yml"];
  for (const name of files) {
    for (const [, file] of read(`deploy/${name}`).matchAll(
      /\b(deploy\/[\w.-]*\w|\.env\.example)/g,
    )) {
      assert.ok(existsSync(path.join(root, String(file))), `${name} names ${file}`);
    }
  }
});

// Keys of the Compose specification that we use; compose itself would refuse another.
const SERVICE_KEYS = `build cap_add cap_drop depends_on environment image mem_limit pids_limit ports
  read_only restart security_opt stop_grace_period tmpfs volumes`.split(/\s+/);

interface Service {
  environment: Record<string, string>;
  volumes: string[];
}

const compose = parseYaml(read("deploy/compose.yaml")) as unknown as {
  services: { aifacade: Service; caddy: Service };
  volumes: Record<string, string>;
};

test("the compose file has the shape of one", () => {
  assert.deepEqual(Object.keys(compose), ["name", "services", "volumes"]);
  for (const service of Object.values(compose.services)) {
    assert.deepEqual(
      Object.keys(service).filter((key) => !SERVICE_KEYS.includes(key)),
      [],
    );
    for (const volume of service.volumes) {
      const [source = ""] = volume.split(":");
      const isThere = source.startsWith(".")
        ? existsSync(path.join(root, "deploy", source))
        : source in compose.volumes;
      assert.ok(isThere, volume);
    }
  }
});

test("the compose file fits the image, the settings and the Caddyfile", () => {
  const image = read("Dockerfile");
  const { aifacade, caddy } = compose.services;
  for (const name of Object.keys(aifacade.environment))
    assert.ok(settingNames.includes(name), name);
  assert.deepEqual(aifacade.volumes, [`data:${/^VOLUME (.+)$/m.exec(image)?.[1]}`]);
  assert.equal(
    caddy.environment.AIFACADE_UPSTREAM,
    `aifacade:${/^EXPOSE (.+)$/m.exec(image)?.[1]}`,
  );
  for (const name of Object.keys(caddy.environment)) {
    assert.ok(read("deploy/Caddyfile").includes(`{$${name}:`), name);
  }
});
