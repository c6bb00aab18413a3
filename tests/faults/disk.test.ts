import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import Database from "better-sqlite3";
import { answerOn } from "../support/answers.js";
import { PASSWORD } from "../support/app.js";
import { requestsFor } from "../support/fake-deepseek.js";
import { type Bench, outcomeOf, question, startBench, withControl } from "../support/faults.js";
import { launch } from "../support/server.js";
import type { Visitor } from "../support/visitor.js";
import { openDisk } from "./checker/disk.js";

const CANNOT_START = 78;
const NOTICED_MS = 30_000;
// Longer than the disk is full: nobody can begin an answer then.
const CONTROL_ANSWER_MS = 60_000;

const disk = openDisk(mkdtempSync(path.join(os.tmpdir(), "aifacade-disk-")), 64);
after(() => disk.remove());
const skip = disk.fill ? false : "needs root, to mount a small file system";
const withoutPrlimit = spawnSync("prlimit").error ? "needs prlimit" : false;
const ROOM = { DISK_RESERVE_MEGABYTES: "1", DEEPSEEK_BETWEEN_TOKENS_TIMEOUT_MS: "60000" };

test("F-47 a full disk: reading goes on under a banner, sending waits with words, nothing is lost, and it recovers by itself", {
  skip,
}, async (t) => {
  const bench = await startBench({ folder: disk.folder, settings: ROOM });
  const ada = await bench.person("ada");
  const known = await ada.ask(question("known"));
  await ada.settled(known);
  const running = await ada.ask(question("chaos:hold@3"));
  const id = answerOn(await ada.get(running));

  await withControl(
    t,
    bench,
    async () => {
      await fill(bench, ada);
      const prompt = question("Do not lose this");
      const sent = await ada.post("/chat", { prompt });
      assert.equal(sent.status, 503);
      assert.match(
        sent.words(".field__error"),
        /^The server's disk is (nearly )?full, so this has to wait/,
      );
      assert.equal(sent.field("prompt")?.trim(), prompt);
      assert.equal(requestsFor(bench.fake, prompt).length, 0);

      const page = await ada.get(known);
      assert.deepEqual([page.status, page.all(".message").length], [200, 2]);
      assert.match(
        page.words(".banner--danger"),
        /disk is (nearly )?full.* You can read everything/,
      );
      assert.equal((await bench.server.visitor().logIn("ada", PASSWORD)).status, 503);
      bench.fake.release();
      await unsaved(ada, id);

      disk.free();
      await banner(ada, false);
    },
    { answerMs: CONTROL_ANSWER_MS },
  );

  await ada.settled(running);
  const [row = {}] = bench.rows("SELECT state, body FROM Message WHERE id = ?", id);
  assert.deepEqual({ ...row }, { state: "complete", body: "word1 word2 word3 and the rest." });
  assert.equal((await outcomeOf(bench, ada, question("after"))).row.state, "complete");
  assert.equal(await bench.server.end("SIGTERM"), 0);
  const database = new Database(path.join(disk.folder, "aifacade.db"), { readonly: true });
  assert.deepEqual(database.prepare("PRAGMA integrity_check").pluck().all(), ["ok"]);
  database.close();
});

test("F-47 a server that is killed while the disk is full comes up once there is room, with everything", {
  skip,
}, async () => {
  const bench = await startBench({ folder: disk.folder, settings: ROOM });
  const ada = bench.server.visitor();
  assert.equal((await ada.logIn("ada", PASSWORD)).status, 303);
  const prompt = question("before the kill");
  await ada.settled(await ada.ask(prompt));
  await fill(bench, ada);
  await ada.post("/chat", { prompt: question("refused") });
  await bench.server.end("SIGKILL");
  disk.free();

  const next = await startBench({ folder: disk.folder, settings: ROOM, fake: bench.fake });
  assert.equal(next.rows("SELECT id FROM Message WHERE body = ?", prompt).length, 1);
  assert.equal(
    (await outcomeOf(next, next.server.visitor(ada), question("well"))).row.state,
    "complete",
  );
  assert.equal(await next.server.end("SIGTERM"), 0);
});

test("F-47 files that may not grow (ulimit -f): sending waits with words, and goes on once they may", {
  skip: withoutPrlimit,
}, async () => {
  const bench = await startBench();
  const ada = await bench.person("ada");
  const known = await ada.ask(question("known"));
  await ada.settled(known);
  limitFiles(bench, "1");
  const prompt = question("Do not lose this");
  const sent = await ada.post("/chat", { prompt });

  assert.equal(sent.status, 503);
  assert.match(
    sent.words(".field__error"),
    /^The server's disk fails to write, so this has to wait/,
  );
  assert.equal(sent.field("prompt")?.trim(), prompt);
  assert.equal(requestsFor(bench.fake, prompt).length, 0);
  const page = await ada.get(known);
  assert.deepEqual([page.status, page.all(".message").length], [200, 2]);
  assert.match(page.words(".banner--danger"), /disk fails to write/);

  limitFiles(bench, "unlimited");
  await banner(ada, false);
  assert.equal((await outcomeOf(bench, ada, prompt)).row.state, "complete");
  assert.equal(bench.rows("SELECT id FROM Message WHERE body = ?", prompt).length, 1);
});

test("F-48 a file system that can only be read is refused in one message, and nothing is changed", {
  skip,
}, async () => {
  const file = path.join(disk.folder, "aifacade.db");
  remount("ro");
  try {
    const server = launch({
      DATABASE_URL: `file:${file}`,
      DEEPSEEK_BASE_URL: "http://127.0.0.1:9",
    });
    assert.equal(await server.ended, CANNOT_START, server.output());
    assert.match(server.said().join("\n"), /cannot be written/);
    assert.ok(server.said().join("\n").includes(disk.folder), server.output());
    assert.doesNotMatch(server.output(), /\n\s+at /);
  } finally {
    remount("rw");
  }
});

function limitFiles({ server }: Bench, bytes: string) {
  const options = ["--pid", String(server.child.pid), `--fsize=${bytes}:`];
  assert.equal(spawnSync("prlimit", options).status, 0);
}

/** Returns once the whole answer stands there, and that it is not saved. */
async function unsaved(person: Visitor, id: string) {
  const missing = new Set([/the rest\./, /not saved/i]);
  await person.events(`/generations/${id}`, ({ data }) => {
    for (const part of missing) if (part.test(JSON.stringify(data))) missing.delete(part);
    return missing.size === 0;
  });
  assert.deepEqual([...missing], []);
}

// What fits into the room that SQLite's log has is taken and kept, so it has none.
async function fill(bench: Bench, person: Visitor) {
  bench.rows("PRAGMA wal_checkpoint(TRUNCATE)");
  disk.fill?.();
  await banner(person, true);
}

async function banner(person: Visitor, isUp: boolean) {
  const until = performance.now() + NOTICED_MS;
  while ((await person.get("/")).all(".banner--danger").length > 0 !== isUp) {
    assert.ok(performance.now() < until, isUp ? "no banner" : "the banner stays");
    await pause(250);
  }
}

function remount(how: "ro" | "rw") {
  const { status, stderr } = spawnSync("mount", ["-o", `remount,${how}`, disk.folder]);
  assert.equal(status, 0, String(stderr));
}
