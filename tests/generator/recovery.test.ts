import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import Database from "better-sqlite3";
import { migrated, PASSWORD } from "../support/app.js";
import * as scenario from "../support/fake-deepseek.js";
import { startFakeDeepSeek } from "../support/fake-deepseek.js";
import { endOf } from "../support/growing.js";
import { type ServerProcess, startServer } from "../support/server.js";
import type { Visitor } from "../support/visitor.js";

const { wire } = scenario;
const CHOSEN = { thinking: "off", temperature: "0.5", systemPrompt: "Be brief." };
const REST = " … and this is the rest of it.";
const fake = await startFakeDeepSeek();
const top = mkdtempSync(path.join(os.tmpdir(), "aifacade-"));
after(async () => {
  await fake.close();
  rmSync(top, { recursive: true, force: true });
});

interface Answer {
  id: number;
  state: string;
  failure: string | null;
  body: string;
  reasoning: string;
  promptTokens: number | null;
  restarts: number;
}

/** A server with Ada, whose answers are cut in the middle; what happens to its database in between is told. */
class Story {
  readonly file: string;
  readonly settings: Record<string, string>;
  server: ServerProcess | null = null;
  ada: Visitor | null = null;

  constructor(name: string, settings: Record<string, string> = {}) {
    this.file = path.join(top, name, "aifacade.db");
    this.settings = {
      DATABASE_URL: `file:${this.file}`,
      DEEPSEEK_BASE_URL: fake.url,
      DEEPSEEK_API_KEY: "sk-test-0123456789abcdef",
      DEEPSEEK_MODEL: "deepseek-flash",
      DEEPSEEK_DIALECT: "deepseek",
      ...settings,
    };
    fake.forget();
    migrated(this.file).close();
  }

  async start(more: Record<string, string> = {}) {
    this.server = await startServer({ ...this.settings, ...more });
    const before = this.ada;
    this.ada = this.server.visitor(before ?? undefined);
    if (!before) await this.ada.register("ada", PASSWORD);
    return { server: this.server, ada: this.ada };
  }

  answers(): Answer[] {
    return this.#query(
      "SELECT id, state, failure, body, reasoning, promptTokens, restarts FROM Message WHERE role = 'answer' ORDER BY id",
    );
  }

  change(sql: string) {
    const database = new Database(this.file);
    database.exec(sql);
    database.close();
  }

  /** Waits until so much of the answers is stored. */
  async stored(...bodies: string[]) {
    for (let tries = 0; tries < 400; tries += 1) {
      if (this.answers().every(({ body }, index) => body === bodies[index])) return;
      await pause(25);
    }
    assert.deepEqual(
      this.answers().map(({ body }) => body),
      bodies,
    );
  }

  #query(sql: string) {
    const database = new Database(this.file, { readonly: true });
    try {
      return database.prepare(sql).all() as Answer[];
    } finally {
      database.close();
    }
  }
}

function thinking(text: string): scenario.Scenario {
  return async ({ res, gone }) => {
    res.writeHead(200, { "content-type": "text/event-stream" });
    res.write(wire.events(wire.opening(), wire.reasoning(text)));
    await once(gone, "abort");
  };
}

async function streamOf(ada: Visitor, place: string): Promise<string> {
  return String((await ada.get(place)).$("message-stream").attr("src"));
}

for (const signal of ["SIGTERM", "SIGKILL"] as const) {
  test(`an answer cut by ${signal} goes on from its last word, as one answer`, async () => {
    const story = new Story(signal);
    const { server, ada } = await story.start();
    const place = await (async () => {
      fake.next(scenario.stall(3));
      return ada.ask("A long question", CHOSEN);
    })();
    const src = await streamOf(ada, place);
    const reading = ada.events(src).catch(() => []);
    await story.stored("word1 word2 word3 ");
    const ended = await server.end(signal);
    const told = (await reading).at(-1)?.event;
    const [left] = story.answers();

    assert.equal(ended, signal === "SIGTERM" ? 0 : "SIGKILL");
    if (signal === "SIGTERM") assert.equal(told, "restarting");
    assert.deepEqual([left?.state, left?.failure], ["running", null]);

    fake.forget();
    const resumption = scenario.hold([" and so", " it goes"], [" on."]);
    fake.next(resumption);
    const next = await story.start();
    const again = next.ada.events(src);
    await story.stored("word1 word2 word3  and so it goes");
    resumption.release();
    const events = await again;
    const [answer, ...more] = story.answers();
    const [request] = fake.requests;

    assert.equal(more.length, 0);
    assert.equal(answer?.body, "word1 word2 word3  and so it goes on.");
    assert.deepEqual([answer?.state, answer?.failure, answer?.restarts], ["complete", null, 1]);
    // What the first process has spent nobody knows, so no receipt claims to.
    assert.equal(answer?.promptTokens, null);
    assert.equal(events[0]?.event, "snapshot");
    assert.match(events[0]?.data.answer.join(""), /^<p>word1 word2 word3/);
    assert.match(endOf(events), /word1 word2 word3 {2}and so it goes on\./);
    assert.equal(fake.requests.length, 1);
    assert.equal(request?.path, "/beta/chat/completions");
    assert.deepEqual(request?.body.messages.at(-1), {
      role: "assistant",
      content: "word1 word2 word3 ",
      reasoning_content: "",
      prefix: true,
    });
    assert.deepEqual(request?.body.messages[0], { role: "system", content: "Be brief." });
    assert.equal(request?.body.temperature, 0.5);
    await next.server.end("SIGKILL");
  });
}

test("what was only thought about, or not begun, is asked for anew, also where no prefix can be completed", async () => {
  for (const dialect of ["deepseek", "generic"]) {
    const story = new Story(`anew ${dialect}`, { DEEPSEEK_DIALECT: dialect });
    const { server, ada } = await story.start();
    fake.next(thinking("Half a tho"), scenario.stall(0));
    await ada.ask("Thought about");
    await ada.ask("Not begun");
    for (let tries = 0; story.answers()[0]?.reasoning === "" && tries < 400; tries += 1) {
      await pause(25);
    }
    await server.end("SIGKILL");

    assert.equal(story.answers()[0]?.reasoning, "Half a tho");
    fake.next(
      scenario.answer({ reasoning: "A whole thought.", content: "Done." }),
      scenario.answer({ reasoning: "A whole thought.", content: "Done." }),
    );
    const next = await story.start();
    await story.stored("Done.", "Done.");
    await pause(100);
    for (const { state, body, reasoning } of story.answers()) {
      assert.deepEqual([state, body, reasoning], ["complete", "Done.", "A whole thought."]);
    }
    await next.server.end("SIGKILL");
  }
});

test("where no prefix can be completed, the answer is interrupted, and one click goes on with it", async () => {
  const story = new Story("generic", { DEEPSEEK_DIALECT: "generic" });
  const { server, ada } = await story.start();
  fake.next(scenario.stall(2));
  const place = await ada.ask("A question");
  await story.stored("word1 word2 ");
  await server.end("SIGTERM");
  const next = await story.start();
  const page = await next.ada.get(place);

  assert.match(page.words(".outcome"), /The server was restarted while this was being written\./);
  fake.next(scenario.answer({ reasoning: "", content: "word3" }));
  await next.ada.submit(String(page.$("form[action$=continuation]").attr("action")));
  await story.stored("word1 word2 word3");
  assert.match(
    fake.requests.at(-1)?.body.messages.at(-1).content,
    /Go on exactly where it stopped/,
  );
  await next.server.end("SIGKILL");
});

test("nobody's answer is gone on with for ever, after a long time, or when they may not ask, or it is in the trash", async () => {
  const story = new Story("guards", { LIMIT_RUNNING_PER_PERSON: "9" });
  const { server, ada } = await story.start();
  const eve = server.visitor();
  await eve.register("eve", PASSWORD);
  fake.next(...Array.from({ length: 6 }, () => scenario.stall(1)));
  for (const question of ["recent", "old", "often", "from the future"]) await ada.ask(question);
  await eve.ask("suspended");
  await ada.ask("trashed");
  await story.stored(...Array(6).fill("word1 "));
  await server.end("SIGKILL");
  story.change(`
    UPDATE Message SET writtenAt = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-11 minutes') WHERE id = 4;
    UPDATE Message SET restarts = 3 WHERE id = 6;
    UPDATE Message SET writtenAt = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+2 hours') WHERE id = 8;
    UPDATE User SET suspendedAt = '2026-01-01T00:00:00.000Z' WHERE username = 'eve';
    UPDATE Conversation SET trashedAt = '2026-01-01T00:00:00.000+00:00' WHERE title = 'trashed'`);
  const next = await story.start();
  const whole = `word1 ${REST}`;
  await story.stored(whole, "word1 ", "word1 ", whole, "word1 ", "word1 ");
  await pause(100);

  assert.deepEqual(
    story.answers().map(({ state, failure }) => `${state} ${failure}`),
    [
      "complete null",
      "interrupted restart",
      "interrupted restart",
      "complete null",
      "interrupted restart",
      "interrupted restart",
    ],
  );
  await next.server.end("SIGKILL");
});

test("an answer that is gone on with takes its place, and no limit refuses it", async () => {
  const story = new Story("places", { LIMIT_RUNNING_PER_PERSON: "3" });
  const { server, ada } = await story.start();
  fake.next(scenario.stall(1), scenario.stall(1));
  for (const question of ["one", "two"]) await ada.ask(question);
  await story.stored("word1 ", "word1 ");
  await server.end("SIGTERM");
  const held = [scenario.hold(["word2 "]), scenario.hold(["word2 "])];
  fake.next(...held);
  const next = await story.start({ LIMIT_RUNNING_PER_PERSON: "1" });
  await story.stored("word1 word2 ", "word1 word2 ");

  assert.equal((await next.ada.post("/chat", { prompt: "three" })).status, 429);
  for (const one of held) one.release();
  await pause(500);
  assert.equal((await next.ada.post("/chat", { prompt: "three" })).status, 303);
  await next.server.end("SIGKILL");
});

test("an upstream that is down does not keep the server from starting, and the answer says so", async () => {
  const story = new Story("down");
  const { server, ada } = await story.start();
  fake.next(scenario.stall(1));
  const place = await ada.ask("A question");
  await story.stored("word1 ");
  await server.end("SIGKILL");
  const next = await story.start({ DEEPSEEK_BASE_URL: "http://127.0.0.1:9" });
  const page = await next.ada.settled(place);

  assert.match(page.words(".outcome"), /could not be reached\. Continue$/);
  await next.server.end("SIGKILL");
});
