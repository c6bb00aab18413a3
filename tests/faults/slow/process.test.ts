import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import Database from "better-sqlite3";
import { answerOn } from "../../support/answers.js";
import { startFakeDeepSeek, ticking } from "../../support/fake-deepseek.js";
import { memoryGroup } from "../../support/faults/memory-group.js";
import { type Bench, memoryOf, question, startBench } from "../../support/faults.js";
import { launch, startServer } from "../../support/server.js";

const STORM = 50;
const HEAP_MB = 128;
const STREAMS = 200;
const STREAMED_MS = 20_000;
const GROUP_MB = 256;
const ROOMY = {
  RATE_LIMITS: "on",
  LIMIT_RUNNING_PER_PERSON: "1000",
  LIMIT_RUNNING_IN_ALL: String(STREAMS),
  LIMIT_QUESTIONS_PER_MINUTE: "10000",
  LIMIT_QUESTIONS_PER_HOUR: "10000",
  DEEPSEEK_TOTAL_TIMEOUT_MS: "600000",
};
const BELONGS_THERE = /^(aifacade\.db(-wal|-shm|\.server(-journal)?)?|secrets\.env|backups)$/;

test(`F-40 ${STORM} starts that are killed at any moment leave nothing behind, and then it comes up`, async (t) => {
  const fake = await startFakeDeepSeek();
  const folder = mkdtempSync(path.join(os.tmpdir(), "aifacade-faults-"));
  const file = path.join(folder, "aifacade.db");
  t.after(async () => {
    await fake.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const settings = {
    DATABASE_URL: `file:${file}`,
    DEEPSEEK_BASE_URL: fake.url,
    DEEPSEEK_MODEL: "x",
  };

  for (let round = 1; round <= STORM; round += 1) {
    const server = launch(settings);
    // The first start migrates, which takes seconds; from the source a later one takes about one.
    await pause(Math.random() * (round <= 10 ? 5_000 : 1_500));
    await server.end("SIGKILL");
  }

  const server = await startServer(settings);
  assert.equal((await server.visitor().get("/readyz")).html, "ok");
  // A migration that an earlier start began may still be at work, on a copy of its own.
  await pause(5_000);
  assert.equal(await server.end("SIGTERM"), 0);
  const again = await startServer(settings);
  assert.equal(await again.end("SIGTERM"), 0);
  const database = new Database(file, { readonly: true });
  assert.deepEqual(database.prepare("PRAGMA integrity_check").pluck().all(), ["ok"]);
  database.close();
  assert.deepEqual(
    readdirSync(folder).filter((name) => !BELONGS_THERE.test(name)),
    [],
  );
});

test(`F-42 ${STREAMS} answers with a reader each fit into ${HEAP_MB} MB of heap, and what is too much is refused`, async (t) => {
  const bench = await startBench({
    settings: { NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}`, ...ROOMY },
  });
  const streams = await streaming(bench);
  const prompt = question("one too many");
  const refused = await streams.person.post("/chat", { prompt });

  assert.equal(refused.status, 429);
  assert.match(refused.words(".field__error"), /as many answers as it can/);
  assert.equal(refused.field("prompt")?.trim(), prompt);
  await streams.end();
  t.diagnostic(`resident memory at most ${memoryOf(bench.server).mostMb} MB`);
});

const group = memoryGroup(GROUP_MB);
after(() => group?.remove());
const skip = group ? false : "no cgroup can be made here";

test(`F-42 the process lives in a container of ${GROUP_MB} MB with ${STREAMS} answers`, {
  skip,
}, async (t) => {
  const bench = await startBench({ settings: ROOMY });
  group?.add(bench.server.child.pid);
  const streams = await streaming(bench);

  await streams.end();
  assert.equal(group?.killed(), 0);
  t.diagnostic(`resident memory at most ${memoryOf(bench.server).mostMb} MB`);
  await bench.server.end("SIGTERM");
});

/** As many answers at a time as the settings allow, each with a reader; all are whole at the end. */
async function streaming(bench: Bench) {
  const person = await bench.person("ada");
  const answers = Array.from({ length: STREAMS }, () => ticking(200));
  const readings: Promise<unknown>[] = [];
  for (const answer of answers) {
    const asked = await person.ask(question(bench.fake.directive(answer)));
    readings.push(person.events(`/generations/${answerOn(await person.get(asked))}`));
  }

  const end = async () => {
    await pause(STREAMED_MS);
    for (const answer of answers) answer.stop();
    await Promise.all(readings);
    assert.equal(bench.server.child.exitCode, null);
    const states = bench.rows("SELECT DISTINCT state FROM Message WHERE role = 'answer'");
    assert.deepEqual(states, [{ state: "complete" }]);
  };
  return { person, end };
}
