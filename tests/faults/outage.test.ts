import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import * as scenario from "../support/fake-deepseek.js";
import { startFakeDeepSeek, wire } from "../support/fake-deepseek.js";
import { outcomeOf, question, startBench, withControl } from "../support/faults.js";
import { startRelay } from "../support/relay.js";

const BACK_WITHIN_MS = 30_000;
const DOWN_SENTENCE = /^The model's server is down, so your question was kept and not sent on\./;
const DOWN_BANNER = /The model's server is down\. It is tried again (now|in \d+ s)/;

const fake = await startFakeDeepSeek();
const relay = await startRelay(fake.url);
after(async () => {
  relay.close();
  await fake.close();
});
const bench = await startBench({ fake, settings: { DEEPSEEK_BASE_URL: relay.url } });
const ada = await bench.person("ada");
const bob = await bench.person("bob");

const content = wire.numberedWords(30).join("");
const spoken = scenario.answer({ reasoning: "", content, tokenMs: 5 });

const POISONED: [name: string, toxic: string, state: string, failure: string | null][] = [
  ["F-05 every piece comes late", "latency@30", "complete", null],
  ["F-08 two kilobytes a second", "bandwidth@8000", "complete", null],
  ["F-08 three bytes at a time", "slicer@3", "complete", null],
  ["F-22 nothing comes any more after a thousand bytes", "timeout@1000", "interrupted", "stalled"],
  ["F-21 the wire ends after a thousand bytes", "limit_data@1000", "interrupted", "cut_off"],
  ["F-21 the wire is reset after a thousand bytes", "reset_peer@1000", "interrupted", "cut_off"],
];

test("a poisoned wire: nobody else notices", { concurrency: 6 }, async (group) => {
  await withControl(group, bench, () =>
    Promise.all(
      POISONED.map(([name, toxic, state, failure]) =>
        group.test(name, async () => {
          const prompt = question(`toxic:${toxic} ${bench.fake.directive(spoken)}`);
          const { row, button } = await outcomeOf(bench, ada, prompt);

          assert.deepEqual([row.state, row.failure], [state, failure]);
          if (state === "complete") assert.equal(row.body, content);
          else assert.ok(content.startsWith(String(row.body)) && row.body !== "", String(row.body));
          assert.equal(button, state === "complete" ? "" : "Continue");
        }),
      ),
    ),
  );
});

test("F-25 an upstream that is down for long: words at once, the pages work, and it comes back by itself", async (t) => {
  relay.down();
  const first = [1, 2].map((number) => outcomeOf(bench, ada, question(`down ${number}`)));
  for (const { row } of await Promise.all(first)) assert.equal(row.failure, "unreachable");

  const before = performance.now();
  const asked = await outcomeOf(bench, ada, question("still down"));
  const tookMs = performance.now() - before;
  assert.match(asked.sentence, DOWN_SENTENCE);
  assert.equal(asked.button, "Try again");
  assert.deepEqual([asked.row.state, asked.row.failure, asked.row.body], ["failed", "down", ""]);
  assert.match(asked.page.words(".message--question"), /still down/);
  for (const [visitor, path] of [
    [ada, "/"],
    [bob, "/"],
    [ada, "/conversations"],
  ] as const) {
    const page = await visitor.get(path);
    assert.equal(page.status, 200);
    assert.match(page.words(".banner"), DOWN_BANNER);
  }

  await relay.up();
  const upAt = performance.now();
  while ((await ada.get("/")).words(".banner") !== "") {
    assert.ok(performance.now() - upAt < BACK_WITHIN_MS, "it did not come back");
    await pause(250);
  }
  const backMs = performance.now() - upAt;
  assert.equal((await outcomeOf(bench, ada, question("back"))).row.state, "complete");
  const lines = bench.server.output().match(/the upstream is (down|back)/g) ?? [];
  assert.deepEqual(lines, ["the upstream is down", "the upstream is back"]);
  t.diagnostic(
    `answered after ${Math.round(tookMs)} ms while down, back ${Math.round(backMs)} ms after the upstream`,
  );
});

test("F-26 a key that is accepted no more: a banner for the administrator, one line in the log", async () => {
  const linesBefore = refusals();
  const refusal = scenario.status(401, wire.complaint("Authentication Fails"));
  const seen = await Promise.all(
    Array.from({ length: 20 }, () =>
      outcomeOf(bench, bob, question(`rotated ${bench.fake.directive(refusal)}`)),
    ),
  );

  for (const { sentence, row, requests } of seen) {
    assert.match(sentence, /does not accept this installation's key\. Please tell your admin/);
    assert.deepEqual([row.state, row.failure], ["failed", "unauthorized"]);
    assert.equal(requests.length, 1);
  }
  assert.equal(refusals() - linesBefore, 1);
  assert.match((await ada.get("/")).words(".banner"), /does not accept .*key.*DEEPSEEK_API_KEY/);
  assert.equal((await bob.get("/")).words(".banner"), "", "only an administrator can do something");

  await outcomeOf(bench, bob, question("the key is right again"));
  assert.equal((await ada.get("/")).words(".banner"), "");
});

function refusals(): number {
  return bench.server.output().match(/"kind":"unauthorized"/g)?.length ?? 0;
}
