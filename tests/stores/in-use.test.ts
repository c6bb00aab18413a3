import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { PASSWORD } from "../support/app.js";
import { startFakeDeepSeek } from "../support/fake-deepseek.js";
import { holdLock } from "../support/locks.js";
import { without } from "../support/programs.js";
import { launch, type ServerProcess, startServer } from "../support/server.js";

const CANNOT_START = 78;

const fake = await startFakeDeepSeek();
const top = mkdtempSync(path.join(os.tmpdir(), "aifacade-"));
after(async () => {
  await fake.close();
  rmSync(top, { recursive: true, force: true });
});

const fileOf = (name: string) => path.join(top, name, "aifacade.db");
const settings = (name: string) => ({
  DATABASE_URL: `file:${fileOf(name)}`,
  DEEPSEEK_BASE_URL: fake.url,
});

async function begun(name: string): Promise<ServerProcess> {
  const server = await startServer(settings(name));
  await server.visitor().register("ada", PASSWORD);
  return server;
}

/** An answer that cannot be stored keeps the first signal waiting; whoever holds the lock closes nothing. */
async function endedMeanwhile(server: ServerProcess, name: string, end: () => Promise<unknown>) {
  const ada = server.visitor();
  await ada.logIn("ada", PASSWORD);
  await ada.ask("chaos:hold@3");
  const holder = await holdLock(fileOf(name), { kind: "IMMEDIATE", forMs: 60_000 });
  server.child.kill("SIGTERM");
  await end();
  holder.process.kill("SIGKILL");
  await holder.over;
}

async function startsSilently(name: string) {
  const server = await startServer(settings(name));
  assert.doesNotMatch(server.said().join("\n"), /\blog\b/);
  assert.equal((await server.visitor().logIn("ada", PASSWORD)).status, 303);
  assert.equal(await server.end("SIGTERM"), 0);
  assert.ok(!existsSync(`${fileOf(name)}.in-use`));
}

const hardEnds: [string, (server: ServerProcess) => Promise<unknown>][] = [
  ["a second signal", (server) => pause(500).then(() => server.end("SIGINT"))],
  ["eight seconds", (server) => server.ended],
];

for (const [what, end] of hardEnds) {
  test(`a stop that ${what} cut off closes nothing: its mark stays, and tells when the log is lost`, async () => {
    const server = await begun(what);
    await endedMeanwhile(server, what, () => end(server));
    cpSync(path.dirname(fileOf(what)), path.dirname(fileOf(`${what}, lost`)), { recursive: true });
    await startsSilently(what);

    rmSync(`${fileOf(`${what}, lost`)}-wal`);
    const next = launch(settings(`${what}, lost`));
    const outcome = await Promise.race([next.ended, pause(20_000)]);
    assert.equal(outcome, CANNOT_START, next.output());
    assert.match(next.output(), /its log .*aifacade\.db-wal was lost or exchanged/);
  });
}

test("a start that finds its port taken closes the database, and the next says nothing of a log", async () => {
  await (await begun("taken")).end("SIGTERM");
  const other = createServer().listen(0, "127.0.0.1");
  await pause(50);
  const { port } = other.address() as AddressInfo;
  const server = launch({ ...settings("taken"), PORT: String(port) });

  assert.equal(await server.ended, CANNOT_START, server.output());
  assert.equal(server.said().length, 1, server.output());
  for (const suffix of ["-wal", ".in-use"]) assert.ok(!existsSync(`${fileOf("taken")}${suffix}`));
  other.close();
  await startsSilently("taken");
});

test("the number of a run is on disk before its mark, and so are the secrets before anybody registers", {
  skip: without("strace"),
}, async () => {
  const trace = path.join(top, "trace");
  const calls = "trace=pwrite64,fsync,fdatasync,rename";
  const strace = ["strace", "-D", "-f", "-qq", "-y", "--seccomp-bpf", "-e", calls, "-o", trace];
  const server = await startServer(settings("traced"), { through: strace });
  await server.end("SIGKILL");
  const lines = readFileSync(trace, "utf8").split("\n");
  const last = (what: RegExp, before = lines.length) =>
    lines.slice(0, before).findLastIndex((line) => what.test(line));

  const marked = last(/rename\(.*\.in-use"/);
  const written = last(/pwrite64\(.*aifacade\.db-wal>/, marked);
  const synced = last(/sync\(.*aifacade\.db-wal>/, marked);
  assert.ok(0 < written && written < synced, `${written}, ${synced}, ${marked}`);
  assert.ok(last(/sync\(.*aifacade\.db\.in-use\.new>/, marked) > synced);
  assert.ok(last(/sync\(.*secrets\.env\.new>/) > marked);
  assert.ok(last(/sync\(.*\/traced>/) > last(/sync\(.*secrets\.env\.new>/));
});
