import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import * as scenario from "../support/fake-deepseek.js";
import { wire } from "../support/fake-deepseek.js";
import { memoryOf, outcomeOf, question, startBench, withControl } from "../support/faults.js";

const MB = 1024 * 1024;
const MOST_TEXT_BYTES = 4 * MB;
// 60 MB are the aim for what such an answer may take; the collector comes when it likes.
const MOST_GROWTH_MB = 250;

const bench = await startBench({ settings: { DEEPSEEK_TOTAL_TIMEOUT_MS: "12000" } });
const ada = await bench.person("ada");

test("answers without measure: nobody else notices", async (group) => {
  await withControl(group, bench, async () => {
    await group.test(
      "F-08 a drip that never gets done is cut at the limit of the whole answer",
      drip,
    );
    await group.test("F-19 an event of fifty megabytes", (test) =>
      tooLarge(test, scenario.giantEvent(50 * MB)),
    );
    await group.test("F-19 a line of a gigabyte", (test) => tooLarge(test, endlessLine()));
    await group.test("F-19 a hundred thousand events of one token", manyEvents);
    await group.test("F-20 an answer without end", endless);
  });
});

async function drip() {
  const content = "drop ".repeat(10_000);
  const prompt = question(
    `drip ${bench.fake.directive(scenario.answer({ reasoning: "", content, tokenMs: 100 }))}`,
  );
  const { row, sentence, button } = await outcomeOf(bench, ada, prompt);

  assert.deepEqual([row.state, row.failure], ["interrupted", "took_too_long"]);
  assert.match(String(row.body), /^drop( drop){50,}$/);
  assert.equal(sentence, "The answer took longer than is allowed.");
  assert.equal(button, "Continue");
}

async function tooLarge(test: TestContext, upstream: scenario.Scenario) {
  const before = memoryOf(bench.server).mostMb;
  const prompt = question(`giant ${bench.fake.directive(upstream)}`);
  const { row, sentence, requests } = await outcomeOf(bench, ada, prompt);
  const growthMb = memoryOf(bench.server).mostMb - before;

  test.diagnostic(`the most memory so far grew by ${growthMb} MB`);
  assert.deepEqual([row.state, row.failure, row.body], ["failed", "too_large", ""]);
  assert.equal(sentence, "The answer grew larger than is allowed.");
  assert.equal(requests.length, 1);
  assert.ok(growthMb < MOST_GROWTH_MB);
}

async function manyEvents(test: TestContext) {
  const token = wire.events(wire.content("a "));
  const pieces = Array<string>(200).fill(token.repeat(500));
  const before = performance.now();
  const prompt = question(
    `many ${bench.fake.directive(scenario.stream([...pieces, wire.finish("stop"), wire.DONE]))}`,
  );
  const { row } = await outcomeOf(bench, ada, prompt);

  test.diagnostic(`${Math.round(performance.now() - before)} ms`);
  assert.equal(row.state, "complete");
  assert.equal(row.body, "a ".repeat(100_000));
}

async function endless(test: TestContext) {
  const before = memoryOf(bench.server).mostMb;
  const started = performance.now();
  const prompt = question(`endless ${bench.fake.directive(scenario.endless())}`);
  const path = await ada.ask(prompt);
  // Read as it grows, four megabytes would keep this process busy, and with it the upstream of all others.
  while (answerOf(path)?.state === "running") await pause(100);
  const row = answerOf(path) ?? {};
  const bytes = Buffer.byteLength(String(row.body));

  test.diagnostic(
    `${row.failure} after ${Math.round(performance.now() - started)} ms with ${bytes} bytes, ` +
      `the most memory so far grew by ${memoryOf(bench.server).mostMb - before} MB`,
  );
  assert.equal(row.state, "interrupted");
  assert.match(String(row.failure), /^(too_large|took_too_long)$/);
  assert.ok(bytes > 0 && bytes <= MOST_TEXT_BYTES);
  assert.match((await ada.get(path)).html, />Continue</);
}

function answerOf(path: string) {
  const [row] = bench.rows(
    "SELECT state, failure, body FROM Message WHERE conversationId = ? AND role = 'answer'",
    path.split("/").at(-1),
  );
  return row;
}

function endlessLine(): scenario.Scenario {
  return async ({ res, gone }) => {
    res.writeHead(200, { "content-type": "text/event-stream" });
    const piece = "x".repeat(MB);
    res.write('data: {"choices":[{"delta":{"content":"');
    for (let sent = 0; sent < 1024 && !gone.aborted; sent += 1) {
      await new Promise<void>((resolve) => {
        res.write(piece, () => resolve());
        gone.addEventListener("abort", () => resolve());
      });
    }
  };
}
