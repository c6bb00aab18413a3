import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { connect } from "node:net";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { answerOn } from "../support/answers.js";
import * as scenario from "../support/fake-deepseek.js";
import { type Bench, outcomeOf, question, startBench, withControl } from "../support/faults.js";
import type { Visitor } from "../support/visitor.js";

const STREAMS = 50;
const MOST_STOPPING_MS = 10_000;
const FROZEN_MS = 2_000;
const MOST_DESCRIPTORS = 300;
// What a test cannot ask for through the front door: an error that no code of ours expects, on a signal.
const THROWS_ON_SIGNAL = `data:text/javascript,${encodeURIComponent(`
  process.on("SIGUSR2", () => { throw new Error("injected"); });
  process.on("SIGHUP", () => { Promise.reject(new Error("injected")); });
  process.on("SIGURG", () => setInterval(() => { throw new Error("injected"); }, 10));
`)}`;

const withoutPrlimit =
  spawnSync("prlimit", ["--version"]).status === 0 ? false : "needs prlimit, of util-linux";

for (const dialect of ["deepseek", "generic"] as const) {
  test(`F-38 SIGTERM while ${STREAMS} answers run at a ${dialect} server: a pause, and ${dialect === "deepseek" ? "they go on" : "Continue"}`, async () => {
    const bench = await startBench({ settings: { DEEPSEEK_DIALECT: dialect } });
    const ada = await bench.person("ada");
    const asked = await askMany(bench, ada);
    const deaf = neverReads(bench, ada, asked[0]?.id ?? "");
    await pause(800);
    const before = performance.now();

    assert.equal(await bench.server.end("SIGTERM"), 0);
    assert.ok(performance.now() - before < MOST_STOPPING_MS);
    deaf.destroy();
    const read = await Promise.all(asked.map(({ reading }) => reading));
    for (const events of read.slice(1)) assert.equal(events.at(-1)?.event, "restarting");

    const next = await startBench({
      settings: { DEEPSEEK_DIALECT: dialect },
      folder: bench.folder,
      fake: bench.fake,
    });
    const returned = next.server.visitor(ada);
    for (const { id, prompt, path } of asked) {
      const page = await returned.settled(path);
      const [row = {}] = next.rows("SELECT state, failure, body FROM Message WHERE id = ?", id);
      const words = String(row.body).match(/\w+/g) ?? [];
      assert.deepEqual(
        words,
        Array.from(words, (_, index) => `w${index + 1}`),
      );
      if (dialect === "deepseek") {
        assert.equal(row.state, "complete", prompt);
        assert.equal(words.length, 100);
      } else {
        assert.deepEqual([row.state, row.failure], ["interrupted", "restart"], prompt);
        assert.match(page.words(`#message-${id} .outcome`), /The server was restarted.*Continue/);
      }
    }
  });
}

test("F-38 a second signal ends it at once, whoever keeps the first waiting", async () => {
  const bench = await startBench();
  const open = connect(Number(new URL(bench.server.url).port), "127.0.0.1");
  open.on("error", () => {});
  open.write("POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n");
  await pause(200);
  bench.server.child.kill("SIGTERM");
  await pause(100);
  const before = performance.now();
  await bench.server.end("SIGINT");
  assert.ok(performance.now() - before < 500);
});

test("F-41 a process that stands still for two seconds goes on as if nothing had been", async (t) => {
  const bench = await startBench();
  const ada = await bench.person("ada");

  await withControl(
    t,
    bench,
    async () => {
      const asking = outcomeOf(bench, ada, question("chaos:long@50"));
      bench.server.child.kill("SIGSTOP");
      await pause(FROZEN_MS);
      bench.server.child.kill("SIGCONT");
      assert.equal((await asking).row.state, "complete");
    },
    { gapMs: FROZEN_MS + 1_000 },
  );
});

for (const [what, signal] of [
  ["an exception", "SIGUSR2"],
  ["a rejection", "SIGHUP"],
  ["an exception in a timer that comes again and again", "SIGURG"],
] as const) {
  test(`F-43 ${what} that nobody caught ends the process, with what was written stored`, async () => {
    const bench = await startBench({ settings: { NODE_OPTIONS: `--import=${THROWS_ON_SIGNAL}` } });
    const ada = await bench.person("ada");
    const path = await ada.ask(question("chaos:stall@5"));
    const id = answerOn(await ada.get(path));
    const reading = ada.events(`/generations/${id}`);
    await pause(100);
    const before = performance.now();

    const code = await bench.server.end(signal);
    assert.equal(code, 1);
    assert.ok(performance.now() - before < MOST_STOPPING_MS);
    assert.match(bench.server.output(), /"level":"fatal".*an error was not caught/);
    assert.equal((await reading).at(-1)?.event, "restarting");
    const [row = {}] = bench.rows("SELECT state, body FROM Message WHERE id = ?", id);
    assert.deepEqual({ ...row }, { state: "running", body: "word1 word2 word3 word4 word5 " });
  });
}

test("F-44 without file descriptors newcomers are turned away, readers notice nothing, and it recovers", {
  skip: withoutPrlimit,
}, async (t) => {
  // From the beginning: a limit lowered later would be below descriptors that are open.
  const through = ["prlimit", `--nofile=${MOST_DESCRIPTORS}`];
  const bench = await startBench({ start: { through } });
  const ada = await bench.person("ada");

  await withControl(t, bench, async () => {
    const crowd = Array.from({ length: MOST_DESCRIPTORS }, () => crowding(bench));
    await pause(300);
    const turnedAway = await Promise.allSettled(
      Array.from({ length: 5 }, () => bench.server.visitor().request("/login", { signal: soon() })),
    );
    const reasons = turnedAway.flatMap((result) =>
      result.status === "rejected" ? [String(result.reason)] : [],
    );
    assert.ok(reasons.length > 0, "there were descriptors left");
    assert.ok(!reasons.some((reason) => reason.includes("Timeout")), "somebody was kept waiting");

    for (const socket of crowd) socket.destroy();
    assert.equal((await bench.server.visitor().get("/login")).status, 200);
    assert.equal((await outcomeOf(bench, ada, question("after"))).row.state, "complete");
  });
});

interface Asked {
  id: string;
  prompt: string;
  path: string;
  reading: ReturnType<Visitor["events"]>;
}

// A hundred words each, fifty a second; continued, they go on from where the prefix ends.
async function askMany(bench: Bench, person: Visitor): Promise<Asked[]> {
  return Promise.all(
    Array.from({ length: STREAMS }, async () => {
      const prompt = question(bench.fake.directive(counting(100)));
      const path = await person.ask(prompt);
      const id = answerOn(await person.get(path));
      return { id, prompt, path, reading: person.events(`/generations/${id}`) };
    }),
  );
}

function counting(most: number): scenario.Scenario {
  return async (exchange) => {
    const last = exchange.request.body.messages.at(-1);
    const begun = last.prefix ? String(last.content).split(" ").length - 1 : 0;
    const words = Array.from({ length: most - begun }, (_, index) => `w${begun + index + 1} `);
    const events = words.map(scenario.wire.content);
    const end = [scenario.wire.finish("stop"), scenario.wire.DONE];
    await scenario.stream([...events, ...end], { tokenMs: 60 })(exchange);
  };
}

/** A reader who asks for the stream and takes nothing of it. */
function neverReads(bench: Bench, person: Visitor, id: string) {
  const socket = connect(Number(new URL(bench.server.url).port), "127.0.0.1").pause();
  const cookie = [...person.cookies].map((pair) => pair.join("=")).join("; ");
  socket.on("error", () => {});
  socket.write(
    `GET /generations/${id} HTTP/1.1\r\nHost: x\r\nUser-Agent: ${person.userAgent}\r\nCookie: ${cookie}\r\n\r\n`,
  );
  return socket;
}

function soon(): AbortSignal {
  return AbortSignal.timeout(20_000);
}

function crowding(bench: Bench) {
  const socket = connect(Number(new URL(bench.server.url).port), "127.0.0.1");
  socket.on("error", () => {});
  return socket;
}
