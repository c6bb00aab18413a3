import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { PASSWORD } from "../../support/app.js";
import * as scenario from "../../support/fake-deepseek.js";
import { closed, requestsFor } from "../../support/fake-deepseek.js";
import { asking, slowly, stateOf, words } from "../../support/faults/clients.js";
import { look, question, startBench, withControl } from "../../support/faults.js";

const REQUESTS_PER_STORM = 50;

const bench = await startBench({ settings: { DEEPSEEK_BETWEEN_TOKENS_TIMEOUT_MS: "30000" } });
const ada = await bench.person("ada");

test("client faults, all at once: nobody else notices", { concurrency: 6 }, async (group) => {
  await withControl(group, bench, () =>
    Promise.all(FAULTS.map(([name, check]) => group.test(name, check))),
  );
});

const FAULTS: [string, () => Promise<void>][] = [
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
      const { path, prompt, id, src } = await asking(bench, ada, scenario.stall(3));
      const reading = ada.events(src);
      await pause(200);
      await ada.post(path, { _method: "DELETE" });
      const events = await reading;
      await closed(requestsFor(bench.fake, prompt)[0], 5000);

      assert.equal(events.at(-1)?.event, "gone");
      assert.equal((await ada.get(path)).status, 404);
      const [row] = bench.rows("SELECT state, runningIn FROM Message WHERE id = ?", id);
      assert.deepEqual(row, { state: "stopped", runningIn: null });
    },
  ],
  [
    "F-34 one tab asks for another version while an answer is being written",
    async () => {
      const held = scenario.hold([words(20)]);
      const { path, prompt, id } = await asking(bench, ada, held);
      const again = await ada.post(`/messages/${id}/generations`);

      assert.equal(again.status, 303);
      held.release();
      const seen = await look(bench, ada, path, prompt);
      assert.equal(seen.row.body, words(20));
      assert.equal(seen.page.all(".message--answer").length, 1);
      assert.equal(seen.requests.length, 1);
    },
  ],
  [
    "F-59 the session ends during an answer: it is written on, and the next question's text is kept",
    async () => {
      const zoe = await bench.person("zoe");
      const { prompt, id } = await asking(bench, zoe, slowly(40));
      const author = (await zoe.get("/")).field("author") ?? "";
      endSessionsOf("zoe");
      const text = "What I typed meanwhile";
      const refused = await zoe.post("/chat", { prompt: text, author });

      assert.equal(refused.status, 401);
      assert.equal(refused.field("prompt"), text);
      await closed(requestsFor(bench.fake, prompt)[0], 10_000);
      while (stateOf(bench, id) === "running") await pause(50);
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
      const { path, prompt, src } = await asking(bench, eve, scenario.stall(3));
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

function rowsWith(prompt: string): number {
  return bench.rows("SELECT id FROM Message WHERE body = ?", prompt).length;
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
