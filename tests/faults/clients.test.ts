import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { load } from "cheerio";
import { answerOn } from "../support/answers.js";
import { PASSWORD } from "../support/app.js";
import * as scenario from "../support/fake-deepseek.js";
import { closed, requestsFor, wire } from "../support/fake-deepseek.js";
import { look, question, startBench, withControl } from "../support/faults.js";
import { held, NOTHING } from "../support/growing.js";
import type { Visitor } from "../support/visitor.js";

// The promise is 300 ms, and a second for the upstream; this machine is busy with the other faults.
const STOP_WITHIN_MS = 5_000;
const REQUESTS_PER_STORM = 50;

const bench = await startBench({ settings: { DEEPSEEK_BETWEEN_TOKENS_TIMEOUT_MS: "30000" } });
const ada = await bench.person("ada");

const words = (count: number) =>
  Array.from({ length: count }, (_, index) => `word${index + 1} `).join("");
const slowly = (count: number, tokenMs = 20) =>
  scenario.answer({ reasoning: "", content: words(count), tokenMs });

test("client faults, all at once: nobody else notices", { concurrency: 6 }, async (group) => {
  await withControl(group, bench, () =>
    Promise.all(FAULTS.map(([name, check]) => group.test(name, check))),
  );
});

const FAULTS: [string, (test: TestContext) => Promise<void>][] = [
  [
    "F-27 the tab is closed and nobody reads: the answer goes on, and is there on return",
    async () => {
      const { path, prompt, src } = await asking(slowly(40));
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
      const { src } = await asking(slowly(60));
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
        const last = events.at(-1);
        isOver = last?.event === "done";
        if (isOver) {
          end = last?.data.held
            ? textOf(seen.answer)
            : load(last?.data.html)(".message__body").text();
        }
        assert.ok(words(60).startsWith(textOf(seen.answer)), textOf(seen.answer));
      }

      assert.ok(breaks >= 1, `${breaks} breaks`);
      assert.equal(end.trim(), words(60).trim());
    },
  ]),
  [
    "F-27 a page that is opened anew in the middle has what was written so far",
    async () => {
      const { path, prompt, src } = await asking(slowly(60));
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
      const { path, prompt, id } = await asking(upstream);
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
      const { path, prompt, id } = await asking(scenario.stall(3));
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
        scenario.stream([...pieces, wire.finish("stop"), wire.DONE], { tokenMs: 5 }),
      );
      const deaf = reader(ada, src).pause();
      while (stateOf(id) === "running") await pause(50);
      const seen = await look(bench, ada, path, prompt);
      deaf.destroy();

      assert.equal(seen.row.state, "complete");
      assert.equal(seen.row.body, long.repeat(100));
    },
  ],
  [
    "F-31 the same form fifty times at once is one question and one answer",
    async () => {
      const prompt = question(`pressed often ${bench.fake.directive(slowly(5))}`);
      const key = (await ada.get("/")).field("key") ?? "";
      const answers = await Promise.all(
        Array.from({ length: REQUESTS_PER_STORM }, () => ada.post("/chat", { prompt, key })),
      );

      const places = new Set(answers.map(({ status, location }) => `${status} ${location}`));
      assert.equal(places.size, 1, [...places].join());
      assert.equal(answers[0]?.status, 303);
      const seen = await look(bench, ada, String(answers[0]?.location), prompt);
      assert.equal(seen.requests.length, 1);
      assert.equal(rowsWith(prompt), 1);
    },
  ],
  [
    "F-32 a POST told again after its answer, as after Back, leads to the same conversation",
    async () => {
      const prompt = question(`told again ${bench.fake.directive(slowly(5))}`);
      const key = (await ada.get("/")).field("key") ?? "";
      const first = await ada.post("/chat", { prompt, key });
      await ada.settled(String(first.location));
      const second = await ada.post("/chat", { prompt, key });

      assert.deepEqual([second.status, second.location], [303, first.location]);
      assert.equal(rowsWith(prompt), 1);
      assert.equal(requestsFor(bench.fake, prompt).length, 1);
    },
  ],
  [
    "F-33 two tabs send in one conversation at once: both in one order, or one is asked to wait",
    async () => {
      const path = await ada.ask(question(`begun ${bench.fake.directive(slowly(1, 0))}`));
      const conversation = path.split("/").at(-1) ?? "";
      for (let round = 1; round <= 12; round += 1) await sendFromTwoTabs(path, conversation);

      const rows = bench.rows(
        "SELECT id, parentId, role FROM Message WHERE conversationId = ? ORDER BY id",
        conversation,
      );
      // Where both were taken they are two branches, below the same answer.
      const above = (row: Record<string, unknown>) => rows.find(({ id }) => id === row.parentId);
      const answers = rows.filter(({ role }) => role === "answer");
      for (const row of rows.slice(1)) {
        assert.equal(above(row)?.role, row.role === "answer" ? "question" : "answer");
      }
      assert.equal(answers.length, rows.length / 2);
      assert.equal(new Set(answers.map(({ parentId }) => parentId)).size, answers.length);
    },
  ],
  [
    "F-34 one tab deletes the conversation that another is reading",
    async () => {
      const { path, prompt, id, src } = await asking(scenario.stall(3));
      const reading = ada.events(src);
      await pause(200);
      await ada.post(path, { _method: "DELETE" });
      const events = await reading;
      await closed(requestsFor(bench.fake, prompt)[0], 5000);

      assert.equal(events.at(-1)?.event, "gone");
      assert.equal((await ada.get(path)).status, 404);
      assert.deepEqual(bench.rows("SELECT id FROM Message WHERE id = ?", id), []);
    },
  ],
  [
    "F-34 one tab asks for another version while an answer is being written",
    async () => {
      const { path, prompt, id } = await asking(slowly(20));
      const again = await ada.post(`/messages/${id}/generations`);

      assert.equal(again.status, 303);
      const seen = await look(bench, ada, path, prompt);
      assert.equal(seen.row.body, words(20));
      assert.equal(seen.page.all(".message--answer").length, 1);
      assert.equal(seen.requests.length, 1);
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
  [
    "F-59 the session ends during an answer: it is written on, and the next question's text is kept",
    async () => {
      const zoe = await bench.person("zoe");
      const { prompt, id } = await asking(slowly(40), zoe);
      const author = (await zoe.get("/")).field("author") ?? "";
      endSessionsOf("zoe");
      const text = "What I typed meanwhile";
      const refused = await zoe.post("/chat", { prompt: text, author });

      assert.equal(refused.status, 401);
      assert.equal(refused.field("prompt"), text);
      await closed(requestsFor(bench.fake, prompt)[0], 10_000);
      while (stateOf(id) === "running") await pause(50);
      assert.equal(bench.rows("SELECT body FROM Message WHERE id = ?", id)[0]?.body, words(40));
      const carried = Object.fromEntries(
        refused
          .$("form input[type=hidden]")
          .toArray()
          .map((field) => [String(field.attribs.name), String(field.attribs.value)]),
      );
      const back = await zoe.submit("/login", { ...carried, username: "zoe", password: PASSWORD });
      assert.equal(back.field("prompt")?.trim(), text);
    },
  ],
  [
    "F-60 an account is suspended during its answer",
    async () => {
      const eve = await bench.person("eve");
      const { path, prompt, src } = await asking(scenario.stall(3), eve);
      const reading = eve.events(src).catch(() => []);
      await pause(200);
      bench.run("UPDATE User SET suspendedAt = 1 WHERE username = 'eve'");
      await closed(requestsFor(bench.fake, prompt)[0], 5000);
      await reading;
      const [row] = bench.rows(
        "SELECT state, failure, body FROM Message WHERE body LIKE 'word1%' AND state = 'interrupted'",
      );

      assert.deepEqual({ ...row }, { state: "interrupted", failure: "gone", body: words(3) });
      assert.equal((await eve.get(path)).location, `/login?next=${encodeURIComponent(path)}`);
      assert.match(
        (await eve.logIn("eve", PASSWORD)).words("body"),
        /Invalid username or password/,
      );
    },
  ],
];

async function asking(upstream: scenario.Scenario, person = ada) {
  const prompt = question(`client ${bench.fake.directive(upstream)}`);
  const path = await person.ask(prompt);
  const id = answerOn(await person.get(path));
  return { path, prompt, id, src: `/generations/${id}` };
}

async function sendFromTwoTabs(path: string, conversation: string) {
  const before = await ada.settled(path);
  const parent = before.field("parent") ?? "";
  const prompts = ["left", "right"].map((tab) =>
    question(`${tab} ${bench.fake.directive(slowly(2, 5))}`),
  );
  const sent = await Promise.all(
    prompts.map(async (prompt) => {
      await pause(Math.random() * 30);
      return ada.post("/chat", { prompt, conversation, parent });
    }),
  );

  for (const [index, page] of sent.entries()) {
    if (page.status === 303) continue;
    assert.equal(page.status, 409);
    assert.match(page.words(".field__error"), /still being written\. Wait for it or stop it/);
    assert.equal(page.field("prompt"), prompts[index], "the text is kept");
  }
  assert.ok(sent.some(({ status }) => status === 303));
}

function endSessionsOf(username: string) {
  bench.run(
    "UPDATE Session SET expiresAt = '2020-01-01T00:00:00.000+00:00' WHERE userId = (SELECT id FROM User WHERE username = ?)",
    username,
  );
}

function stateOf(id: string): unknown {
  return bench.rows("SELECT state FROM Message WHERE id = ?", id)[0]?.state;
}

function rowsWith(prompt: string): number {
  return bench.rows("SELECT id FROM Message WHERE body = ?", prompt).length;
}

function textOf(blocks: string[]): string {
  return load(blocks.join("")).text().trim();
}

/** A connection to the server that has sent this, and expects nothing. */
function opened(bytes: string): Socket {
  const socket = connect(Number(new URL(bench.server.url).port), "127.0.0.1");
  socket.on("error", () => {});
  socket.write(bytes);
  return socket;
}

function reader(person: Visitor, src: string): Socket {
  const cookie = [...person.cookies].map((pair) => pair.join("=")).join("; ");
  return opened(
    `GET ${src} HTTP/1.1\r\nHost: x\r\nUser-Agent: ${person.userAgent}\r\nCookie: ${cookie}\r\n\r\n`,
  );
}
