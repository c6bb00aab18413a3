import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { PASSWORD } from "../../support/app.js";
import * as scenario from "../../support/fake-deepseek.js";
import { outcomeOf, question, startBench, withControl } from "../../support/faults.js";
import { without } from "../../support/programs.js";

const LIBRARIES = "/usr/lib";
const WINDOW_SECONDS = 15 * 60;

const skip = without("faketime") || (libfaketime() === null && "there is no libfaketime");

/** A server whose clock is moved by writing into a file, while its monotonic clock goes on. */
async function startWithClock(settings: Record<string, string>) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "aifacade-clock-"));
  const file = path.join(folder, "time");
  writeFileSync(file, "+0");
  after(() => rmSync(folder, { recursive: true, force: true }));

  const bench = await startBench({
    settings: {
      LD_PRELOAD: libfaketime() ?? "",
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      ...settings,
    },
  });
  return { bench, move: (offset: string) => writeFileSync(file, offset) };
}

test("F-58 the clock jumps while answers are written: nothing breaks, and the order stays", {
  skip,
}, async (t) => {
  const { bench, move } = await startWithClock({ DEEPSEEK_TOTAL_TIMEOUT_MS: "120000" });
  const ada = await bench.person("ada");
  const upstream = bench.fake.directive(
    scenario.answer({ reasoning: "", content: "word ".repeat(60).trim(), tokenMs: 20 }),
  );

  await withControl(
    t,
    bench,
    async () => {
      const first = await ada.post("/chat", { prompt: question(`now ${upstream}`) });
      const conversation = String(first.location).split("/").at(-1) ?? "";
      for (const offset of ["+2h", "-2h", "+1h", "-1d"]) {
        await pause(300);
        move(offset);
        const page = await ada.settled(String(first.location));
        const parent = page.field("parent") ?? "";
        await ada.ask(question(`at ${offset} ${upstream}`), { conversation, parent });
      }
      const page = await ada.settled(String(first.location));

      assert.deepEqual(
        page.all(".message--question").map((text) => /\((now|at \S+)/.exec(text)?.[1]),
        ["now", "at +2h", "at -2h", "at +1h", "at -1d"],
      );
      const rows = bench.rows(
        "SELECT state, tookMs FROM Message WHERE conversationId = ? AND role = 'answer'",
        conversation,
      );
      for (const { state, tookMs } of rows) {
        assert.equal(state, "complete");
        assert.ok(Number(tookMs) > 0 && Number(tookMs) < 60_000, `${tookMs} ms`);
      }

      move("+10y");
      const refused = await ada.post("/chat", { prompt: "ten years later" });
      assert.equal(refused.status, 401);
      assert.equal(refused.field("prompt"), "ten years later");
      move("+0");
    },
    { answerMs: 110_000 },
  );
});

test("F-35 a form that is ten days old is taken as if it were new", { skip }, async () => {
  const { bench, move } = await startWithClock({});
  const ada = await bench.person("ada");
  const form = await ada.get("/");
  move("+10d");
  const prompt = question(`late ${bench.fake.directive(scenario.answer())}`);
  const page = await ada.post("/chat", {
    prompt,
    key: form.field("key") ?? "",
    author: form.field("author") ?? "",
  });

  assert.equal(page.status, 303);
  assert.equal((await outcomeOf(bench, ada, question("and on"))).row.state, "complete");
});

test("F-61 limits while the clock goes backwards and forwards: nobody waits longer than the window", {
  skip,
}, async () => {
  const { bench, move } = await startWithClock({
    RATE_LIMITS: "on",
    LIMIT_LOGINS_PER_15_MINUTES: "3",
  });
  await bench.person("ada");
  const attempt = async () => bench.server.visitor().logIn("ada", PASSWORD);
  const waitOf = ({ headers }: Awaited<ReturnType<typeof attempt>>) =>
    Number(headers.get("retry-after"));

  for (let count = 0; count < 3; count += 1) await attempt();
  const refused = await attempt();
  assert.equal(refused.status, 429);
  assert.ok(waitOf(refused) > 0 && waitOf(refused) <= WINDOW_SECONDS);

  move("-2h");
  const back = await attempt();
  assert.equal(back.status, 429);
  assert.ok(waitOf(back) > 0 && waitOf(back) <= WINDOW_SECONDS, `${waitOf(back)} s`);

  move("+16m");
  const statuses = [];
  for (let count = 0; count < 5; count += 1) statuses.push((await attempt()).status);
  assert.ok(statuses.filter((status) => status === 303).length <= 3, statuses.join());
});

function libfaketime(): string | null {
  if (!existsSync(LIBRARIES)) return null;
  const files = readdirSync(LIBRARIES).map((name) =>
    path.join(LIBRARIES, name, "faketime", "libfaketimeMT.so.1"),
  );
  return files.find((file) => existsSync(file)) ?? null;
}
