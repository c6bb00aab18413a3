import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { PASSWORD } from "../support/app.js";
import * as scenario from "../support/fake-deepseek.js";
import { startFakeDeepSeek } from "../support/fake-deepseek.js";
import { startServer } from "../support/server.js";

const MEGABYTE = 1024 * 1024;

const folder = mkdtempSync(path.join(os.tmpdir(), "aifacade-wal-"));
const file = path.join(folder, "aifacade.db");
const fake = await startFakeDeepSeek();
after(async () => {
  await fake.close();
  rmSync(folder, { recursive: true, force: true });
});

async function grown(size: number) {
  for (let tries = 0; tries < 200 && statSync(file).size < size; tries += 1) await pause(50);
  return statSync(file).size;
}

test("what is committed goes from the log into the database by itself, and stopping leaves no log", async () => {
  const server = await startServer({ DATABASE_URL: `file:${file}`, DEEPSEEK_BASE_URL: fake.url });
  const ada = server.visitor();
  await ada.register("ada", PASSWORD);
  fake.next(scenario.answer({ content: "many words ".repeat(200_000) }));
  await ada.talk("A long one, please");

  assert.ok((await grown(4 * MEGABYTE)) >= 4 * MEGABYTE, "the log is not written");
  assert.equal(await server.end("SIGTERM"), 0);
  assert.equal(existsSync(`${file}-wal`), false);
});
