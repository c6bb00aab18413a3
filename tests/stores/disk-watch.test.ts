import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import Database from "better-sqlite3";
import { PASSWORD } from "../support/app.js";
import * as scenario from "../support/fake-deepseek.js";
import { startFakeDeepSeek } from "../support/fake-deepseek.js";
import { endOf } from "../support/growing.js";
import { launch, startServer } from "../support/server.js";
import type { Visitor } from "../support/visitor.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "aifacade-disk-"));
const file = path.join(folder, "aifacade.db");
const ballast = path.join(folder, "ballast");
const fake = await startFakeDeepSeek();
const settings = {
  DATABASE_URL: `file:${file}`,
  DEEPSEEK_BASE_URL: fake.url,
  DEEPSEEK_API_KEY: "sk-test-0123456789abcdef",
  DEEPSEEK_MODEL: "deepseek-flash",
  DISK_RESERVE_MEGABYTES: "2",
};
const skip = mount("-t", "tmpfs", "-o", "size=24m", "aifacade-test", folder)
  ? false
  : "a small disk can be mounted by root only";

after(async () => {
  await fake.close();
  if (!skip) execFileSync("umount", ["-l", folder]);
  rmSync(folder, { recursive: true, force: true });
});

function mount(...options: string[]): boolean {
  try {
    execFileSync("mount", options, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function fill() {
  const chunk = Buffer.alloc(64 * 1024, 1);
  try {
    for (;;) writeFileSync(ballast, chunk, { flag: "a" });
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, "ENOSPC");
  }
}

async function readiness(visitor: Visitor, wanted: RegExp) {
  for (let tries = 0; tries < 200; tries += 1) {
    const { html } = await visitor.get("/readyz");
    if (wanted.test(html)) return;
    await pause(50);
  }
  assert.match((await visitor.get("/readyz")).html, wanted);
}

test("a full disk: reading goes on, running answers end on screen, and are stored once there is room", {
  skip,
}, async () => {
  const server = await startServer(settings);
  const ada = server.visitor();
  await ada.register("ada", PASSWORD);
  const long = "more words ".repeat(6000);
  const answer = scenario.hold(["The beginning. "], [long, "The end."]);
  fake.next(answer);
  const place = await ada.ask("A question");
  const src = String((await ada.get(place)).$("message-stream").attr("src"));
  const reading = ada.events(src);
  await pause(1000);
  fill();
  await readiness(ada, /^read-only: The server's disk is/);
  answer.release();

  await pause(1500);
  const asked = fake.requests.length;
  const refused = await ada.post("/chat", { prompt: "Typed with care" });
  assert.equal(refused.status, 503);
  assert.equal(refused.field("prompt")?.trim(), "Typed with care");
  assert.match(refused.words(".field__error"), /disk is (nearly )?full, so this has to wait/);
  assert.match((await ada.get(place)).words(".banner"), /disk is (nearly )?full\. You can read/);
  assert.match(
    (await ada.get(place)).words("[data-part=progress]"),
    /The answer has ended\. Not saved yet/,
  );
  assert.match((await ada.get(place)).words("[data-part=answer]"), /The end\.$/);
  assert.equal(fake.requests.length, asked);

  rmSync(ballast);
  const events = await reading;
  assert.match(endOf(events), /The end\./);
  const progress = events.filter(({ event }) => event === "progress");
  assert.ok(progress.some(({ data }) => /Not saved yet/.test(data.html)));
  await readiness(ada, /^ok$/);
  assert.equal((await ada.get(place)).all(".banner").length, 0);
  assert.match(
    (await ada.talk("Typed with care")).words(".message--answer"),
    /You asked: Typed with care/,
  );
  assert.equal(await server.end("SIGTERM"), 0);

  const database = new Database(file, { readonly: true });
  const rows = database.prepare("SELECT state, body FROM Message WHERE role = 'answer'").all();
  assert.deepEqual(rows[0], { state: "complete", body: `The beginning. ${long}The end.` });
  assert.equal(rows.length, 2);
  assert.deepEqual(database.pragma("integrity_check"), [{ integrity_check: "ok" }]);
  database.close();
});

test("a disk that can only be read is refused in one line that says what to mend", {
  skip,
}, async () => {
  const before = readFileSync(file);
  assert.ok(mount("-o", "remount,ro", folder));
  try {
    const server = launch(settings);
    assert.equal(await server.ended, 78);
    assert.equal(server.said().length, 1, server.output());
    assert.match(
      server.output(),
      /cannot be written \(.*Mount it for writing, or give it to the user/,
    );
    assert.deepEqual(readFileSync(file), before);
  } finally {
    mount("-o", "remount,rw", folder);
  }
});
