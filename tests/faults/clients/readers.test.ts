import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { load } from "cheerio";
import * as scenario from "../../support/fake-deepseek.js";
import { closed, requestsFor, wire } from "../../support/fake-deepseek.js";
import { asking, slowly, stateOf, words } from "../../support/faults/clients.js";
import { look, question, startBench, withControl } from "../../support/faults.js";
import { endOf, held, NOTHING, textOf } from "../../support/growing.js";
import type { Visitor } from "../../support/visitor.js";

// The promise is 300 ms, and a second for the upstream; this machine is busy with the other faults.
const STOP_WITHIN_MS = 5_000;

const bench = await startBench({ settings: { DEEPSEEK_BETWEEN_TOKENS_TIMEOUT_MS: "30000" } });
const ada = await bench.person("ada");

test("client faults, all at once: nobody else notices", { concurrency: 6 }, async (group) => {
  await withControl(group, bench, () =>
    Promise.all(FAULTS.map(([name, check]) => group.test(name, check))),
  );
});

const FAULTS: [string, (test: TestContext) => Promise<void>][] = [
  [
    "F-27 the tab is closed and nobody reads: the answer goes on, and is there on return",
    async () => {
      const { path, prompt, src } = await asking(bench, ada, slowly(40));
      await ada.events(src, ({ event }) => event === "patch");
      await pause(900);
      const seen = await look(bench, ada, path, prompt);

      assert.equal(seen.row.state, "complete");
      assert.equal(seen.row.body, words(40));
      assert.equal(seen.answer, words(40).trim());
    },
  ],
  ...[1, 2, 3, 7].map((every): (typeof FAULTS)[number] => [
    `F-27 the connection breaks after every event number ${every}: no gap, nothing twice`,
    async () => {
      const { src } = await asking(bench, ada, slowly(60));
      let seen = NOTHING;
      let lastId = "";
      let breaks = -1;
      let end = "";
      for (let isOver = false; !isOver; breaks += 1) {
        let count = 0;
        const headers: Record<string, string> = lastId ? { "Last-Event-ID": lastId } : {};
        const events = await ada.events(src, () => ++count >= every, headers);
        seen = held(events, seen);
        lastId = events.findLast(({ id }) => id !== undefined)?.id ?? lastId;
        isOver = events.at(-1)?.event === "done";
        if (isOver) end = endOf(events, seen);
        assert.ok(words(60).startsWith(textOf(seen.answer).trim()), textOf(seen.answer));
      }

      assert.ok(breaks >= 1, `${breaks} breaks`);
      assert.equal(end.trim(), words(60).trim());
    },
  ]),
  [
    "F-27 a page that is opened anew in the middle has what was written so far",
    async () => {
      const { path, prompt, src } = await asking(bench, ada, slowly(60));
      await ada.events(src, ({ data }) => JSON.stringify(data).includes("word10 "));
      const page = await ada.get(path);
      const sofar = page.words(".message--answer .message__body");

      assert.match(sofar, /^word1 .*word10/);
      assert.ok(words(60).startsWith(sofar));
      assert.equal((await look(bench, ada, path, prompt)).answer, words(60).trim());
    },
  ],
  ...(
    [
      ["before the first token", scenario.stall(0), ""],
      ["in the queue", scenario.stall(0, { commentsMs: 20 }), ""],
      ["in the middle", scenario.stall(3), "word1 word2 word3 "],
    ] as const
  ).map(([when, upstream, body]): (typeof FAULTS)[number] => [
    `F-28 Stop ${when}: it stops at once, and does not grow back`,
    async (test) => {
      const { path, prompt, id } = await asking(bench, ada, upstream);
      await pause(200);
      const before = performance.now();
      await ada.post(`/generations/${id}`, { _method: "DELETE" });
      const stoppedMs = performance.now() - before;
      const closedMs = (await closed(requestsFor(bench.fake, prompt)[0], 5000)) - before;
      await pause(200);
      const seen = await look(bench, ada, path, prompt);

      test.diagnostic(
        `stopped after ${Math.round(stoppedMs)} ms, upstream after ${Math.round(closedMs)}`,
      );
      assert.ok(stoppedMs < STOP_WITHIN_MS && closedMs < STOP_WITHIN_MS);
      assert.deepEqual([seen.row.state, seen.row.failure, seen.row.body], ["stopped", null, body]);
      assert.equal(seen.sentence, "You stopped this answer.");
      assert.equal(seen.button, body === "" ? "Try again" : "Continue");
    },
  ]),
  [
    "F-28 Stop twice, and from another tab: once is enough",
    async () => {
      const { path, prompt, id } = await asking(bench, ada, scenario.stall(3));
      const elsewhere = bench.server.visitor(ada);
      await pause(200);
      const stops = [ada, elsewhere, ada].map((tab) =>
        tab.submit(`/generations/${id}`, { _method: "DELETE" }),
      );

      for (const page of await Promise.all(stops)) {
        assert.equal(page.words(".outcome p"), "You stopped this answer.");
      }
      assert.equal((await look(bench, ada, path, prompt)).row.state, "stopped");
    },
  ],
  [
    "F-29 a reader who never reads: the answer is whole",
    async () => {
      const long = `${"many words ".repeat(300)}\n\n`;
      const pieces = Array<object>(100).fill(wire.content(long));
      const { path, prompt, id, src } = await asking(
        bench,
        ada,
        scenario.stream([...pieces, wire.finish("stop"), wire.DONE], { tokenMs: 5 }),
      );
      const deaf = reader(ada, src).pause();
      while (stateOf(bench, id) === "running") await pause(50);
      const seen = await look(bench, ada, path, prompt);
      deaf.destroy();

      assert.equal(seen.row.state, "complete");
      assert.equal(seen.row.body, long.repeat(100));
    },
  ],
  [
    "F-36 without JavaScript: the form, the page that grows, the way back",
    async () => {
      const prompt = question(`no script ${bench.fake.directive(slowly(20))}`);
      const asked = await ada.follow(await ada.post("/chat", { prompt }));
      const refresh = load(load(asked.html)("noscript").first().text())("meta").attr("content");
      const live = await ada.get(String(refresh).replace("0;url=", ""));
      const back = live.$(".live__end a").attr("href") ?? "";

      assert.equal(live.status, 200);
      assert.ok(live.words("body").includes(words(20).trim()));
      assert.equal(
        (await ada.get(back)).words(".message--answer .message__body"),
        words(20).trim(),
      );
    },
  ],
  [
    "F-37 slow and half-open connections by the hundred",
    async () => {
      const lazy = Array.from({ length: 200 }, (_, index) =>
        opened(index % 2 === 0 ? "" : "POST /login HTTP/1.1\r\nHost: x\r\nX-Slow: "),
      );
      await pause(300);
      for (const socket of lazy) socket.write("a");
      const page = await ada.get("/");
      for (const socket of lazy) socket.destroy();

      assert.equal(page.status, 200);
    },
  ],
  [
    "F-37 connections that are reset as soon as they stand",
    async () => {
      for (let round = 0; round < 5; round += 1) {
        const sockets = Array.from({ length: 100 }, () => opened("GET / HTTP/1.1\r\nHost: x\r\n"));
        await pause(50);
        for (const socket of sockets) socket.resetAndDestroy();
      }
      assert.equal((await ada.get("/")).status, 200);
    },
  ],
];

function reader(person: Visitor, src: string): Socket {
  const cookie = [...person.cookies].map((pair) => pair.join("=")).join("; ");
  return opened(
    `GET ${src} HTTP/1.1\r\nHost: x\r\nUser-Agent: ${person.userAgent}\r\nCookie: ${cookie}\r\n\r\n`,
  );
}

/** A connection to the server that has sent this, and expects nothing. */
function opened(bytes: string): Socket {
  const socket = connect(Number(new URL(bench.server.url).port), "127.0.0.1");
  socket.on("error", () => {});
  socket.write(bytes);
  return socket;
}
