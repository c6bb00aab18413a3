import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, beforeEach, test } from "node:test";
import { hold } from "../../src/stores/lock.js";
import * as scenario from "../support/fake-deepseek.js";
import { startFakeDeepSeek } from "../support/fake-deepseek.js";
import { startServer } from "../support/server.js";
import { runTask } from "../support/task.js";

const KEY = "sk-test-0123456789abcdef";
const fake = await startFakeDeepSeek();
const top = mkdtempSync(path.join(os.tmpdir(), "aifacade-"));
const folder = path.join(top, "data");
const file = path.join(folder, "aifacade.db");
const settings = {
  DATABASE_URL: `file:${file}`,
  DEEPSEEK_BASE_URL: fake.url,
  DEEPSEEK_API_KEY: KEY,
};
after(async () => {
  await fake.close();
  rmSync(top, { recursive: true, force: true });
});
beforeEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await runTask(settings, "user", "list");
  await runTask(settings, "backup");
});

const doctor = (more: Record<string, string> = {}) => runTask({ ...settings, ...more }, "doctor");

test("a sound installation has nothing bad in it, and nothing is changed", async () => {
  const before = readdirSync(folder, { recursive: true }).sort();
  const { code, output } = await doctor();

  assert.equal(code, 0, output);
  assert.doesNotMatch(output, /^bad/m);
  assert.match(output, /^ok {4}.*aifacade\.db is sound/m);
  assert.match(output, /^ok {4}It can be restored/m);
  assert.match(output, /^ok {4}.* answers, with 1 model/m);
  assert.match(output, /^warn {2}No server is running/m);
  assert.deepEqual(readdirSync(folder, { recursive: true }).sort(), before);
});

test("a running server is asked whether it is ready", async () => {
  const server = await startServer(settings);
  const PORT = new URL(server.url).port;

  assert.match((await doctor({ PORT })).output, /^ok {4}The server is running and ready/m);
  const elsewhere = await doctor({ PORT: "9" });
  assert.match(elsewhere.output, /^bad {3}A server is running, but does not answer/m);
  assert.equal(elsewhere.code, 1);
  await server.end("SIGTERM");
});

test("an upstream that refuses the key is bad, and the key is not told", async () => {
  const { models } = fake;
  fake.models = scenario.status(401, scenario.wire.complaint(`Your api key: ${KEY} is invalid`));
  const { code, output } = await doctor();
  fake.models = models;

  assert.equal(code, 1);
  assert.match(output, /^bad {3}http.*127\.0\.0\.1/m);
  assert.doesNotMatch(output, /sk-test/);
});

const ills: [string, () => void, Record<string, string>, RegExp][] = [
  [
    "a damaged database",
    () => writeFileSync(file, "garbage".repeat(999)),
    {},
    /^bad {3}.*not a database/m,
  ],
  ["a folder open to all", () => chmodSync(folder, 0o755), {}, /^bad {3}Others.*\n.*chmod go=/m],
  [
    "lost secrets",
    () => rmSync(path.join(folder, "secrets.env")),
    {},
    /^bad {3}.*secrets\.env is gone/m,
  ],
  ["a damaged backup", spoilBackup, {}, /^bad {3}.*is not used/m],
  [
    "a proxy that is not trusted",
    () => {},
    { PUBLIC_URL: "https://chat.example.org" },
    /^bad {3}.*TRUST_PROXY is not set.*\n.*TRUST_PROXY=1[\s\S]*^warn {2}Anybody who reaches/m,
  ],
  [
    "passwords on plain http",
    () => {},
    { PUBLIC_URL: "http://chat.example.org" },
    /^bad.*unencrypted/m,
  ],
  [
    "the network let in, around the proxy",
    () => {},
    { HOST: "0.0.0.0", TRUST_PROXY: "1", RATE_LIMITS: "off" },
    /^warn.*without PUBLIC_URL[\s\S]*around the proxy[\s\S]*without https[\s\S]*^bad.*limits are off/m,
  ],
  [
    "a database open to all in a folder that is not",
    () => chmodSync(file, 0o644),
    {},
    /^bad {3}Others.*aifacade\.db\.\n.*chmod go= .*aifacade\.db$/m,
  ],
  [
    "a folder of backups that cannot be read",
    () => {
      rmSync(path.join(folder, "backups"), { recursive: true });
      writeFileSync(path.join(folder, "backups"), "");
    },
    {},
    /sound[\s\S]*^bad {3}The backups could not be examined \(ENOTDIR.*\n[\s\S]*clock says/m,
  ],
  ["wrong settings", () => {}, { PORT: "many" }, /^bad {3}.*\n.*PORT must be/m],
];

for (const [what, spoil, more, words] of ills) {
  test(`${what}: the doctor says so, and how to mend it`, async () => {
    spoil();
    const { code, output } = await doctor(more);
    assert.equal(code, 1);
    assert.match(output, words);
    assert.match(output, /→/);
  });
}

test("a backup that cannot be checked now is not called bad, and the other findings are there", async () => {
  const lock = path.join(folder, "backups", ".lock");
  const notes = /^warn {2}.*\n(?:.*\n)*ok {4}This machine's clock/m;
  const lines = async (more = {}) => {
    const { code, output } = await doctor(more);
    assert.equal(code, 0, output);
    assert.match(output, notes);
    return output;
  };

  // A terabyte: no disk here has that.
  const short = await lines({ DISK_RESERVE_MEGABYTES: "1000000" });
  assert.match(short, /^warn {2}.*was not checked: it needs .* GB in .*backups, and .* are free/m);
  const held = hold(lock);
  assert.match(await lines(), /^warn {2}Another backup is being made or checked/m);
  held?.close();
  rmSync(lock);
  mkdirSync(lock);
  assert.match(await lines(), /^warn {2}The newest backup was not checked \(.*open.*\)/m);
});

test("a backup from the future does not count, and is told", async () => {
  writeFileSync(path.join(folder, "backups", "aifacade-20990101T000000Z.tar.gz"), "");
  const { code, output } = await doctor();
  assert.equal(code, 0, output);
  assert.match(output, /^warn {2}aifacade-2099.* is from the future, and does not count/m);
  assert.match(output, /^ok {4}The newest backup is .* old/m);
});

function spoilBackup() {
  const [archive = ""] = readdirSync(path.join(folder, "backups")).filter((n) => n.endsWith("gz"));
  writeFileSync(path.join(folder, "backups", archive), "garbage");
}
