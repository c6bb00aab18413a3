import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../support/app.js";
import * as scenario from "../support/fake-deepseek.js";

const app = await startApp({
  DEEPSEEK_HEADERS_TIMEOUT_MS: "3000",
  DEEPSEEK_FIRST_TOKEN_TIMEOUT_MS: "3000",
  DEEPSEEK_BETWEEN_TOKENS_TIMEOUT_MS: "1500",
  DEEPSEEK_TOTAL_TIMEOUT_MS: "20000",
});
const ada = await app.signedIn("ada");

const AGAIN = "Try again";
const CONTINUE = "Continue";

const ENDINGS = [
  ["status@400", "failed", "refused", "refused this request", AGAIN],
  ["status@401", "failed", "unauthorized", "does not accept this installation's key", AGAIN],
  ["status@402", "failed", "no_credit", "no credit left", AGAIN],
  ["status@429", "failed", "busy", "too many requests", AGAIN],
  ["status@500", "failed", "upstream_error", "an error of its own", AGAIN],
  ["status@503", "failed", "overloaded", "out of resources", AGAIN],
  ["reset@0", "failed", "unreachable", "could not be reached", AGAIN],
  ["reset@3", "interrupted", "cut_off", "ended before the answer did", CONTINUE],
  ["fin@3", "interrupted", "cut_off", "ended before the answer did", CONTINUE],
  ["early@3", "interrupted", "cut_off", "ended before the answer did", CONTINUE],
  ["early@0", "failed", "cut_off", "ended before the answer did", AGAIN],
  ["stall@3", "interrupted", "stalled", "stopped in the middle", CONTINUE],
  ["silent", "failed", "no_answer", "did not begin to answer in time", AGAIN],
  ["garbage", "failed", "protocol", "something that is no answer", AGAIN],
  ["html", "failed", "protocol", "something that is no answer", AGAIN],
  ["redirect", "failed", "protocol", "something that is no answer", AGAIN],
  ["empty", "failed", "empty_answer", "empty answer", AGAIN],
  ["resource", "interrupted", "overloaded", "out of resources", CONTINUE],
  ["length", "complete", "", "longest length", CONTINUE],
  ["filter", "complete", "", "content rules", ""],
  ["nodone", "complete", "", "", ""],
] as const;

test("every way an answer can end has one state, its own words and its own button", async (t) => {
  const endings = ENDINGS.map(async ([directive, state, failure, words, button]) => {
    const page = await ada.talk(`chaos:${directive}`);
    const id = String(page.$(".message--answer").attr("id")).replace("message-", "");
    const row = app.database.prepare("SELECT * FROM Message WHERE id = ?").get(id) as Record<
      string,
      string
    >;
    const shown = page.words(".message--answer .message__body");

    await t.test(`${directive}: ${row.state} ${row.failure ?? ""}`, () => {
      assert.equal(row.state, state);
      assert.equal(row.failure ?? "", failure);
      assert.match(page.words(".outcome p"), new RegExp(words));
      assert.equal(page.words(".outcome button, .message--answer > form button"), button);
      assert.doesNotMatch(shown, /Fake|lorem|Wi-Fi|error/i);
      assert.equal(shown === "", state === "failed");
      assert.equal(row.runningIn, null);
    });
  });
  await Promise.all(endings);
});

test("a wait that the upstream asks for is kept, if it is short", async () => {
  app.fake.next(scenario.status(429, { error: { message: "Slow down" } }, { "retry-after": "1" }));
  const before = performance.now();
  const page = await ada.talk("Am I too fast?");

  assert.ok(performance.now() - before >= 1000);
  assert.match(page.words(".message--answer .message__body"), /Am I too fast/);
});

test("nobody waits for an upstream that asks for an hour", async () => {
  app.fake.next(
    scenario.status(429, { error: { message: "Slow down" } }, { "retry-after": "3600" }),
  );
  const page = await ada.talk("Am I much too fast?");
  assert.match(page.words(".outcome p"), /too many requests/);
});

test("a failed answer is asked for again by its button, as the same question", async () => {
  app.fake.next(scenario.status(402));
  const failed = await ada.talk("Once more?");
  const answered = await ada.settled(
    String((await ada.post(String(failed.$(".outcome form").attr("action")))).location),
  );

  assert.equal(answered.all(".message--question").length, 1);
  assert.match(answered.words(".message--answer .message__body"), /Once more/);
  assert.equal(answered.words(".siblings__position"), "Version 2/2");
});

test("after a failed answer the next question takes the unanswered one along", async () => {
  app.fake.next(scenario.status(402));
  const failed = await ada.talk("First part.");
  await ada.talk("Second part.", { conversation: String(failed.field("conversation")) });

  const told = app.fake.requests.at(-1)?.body.messages;
  assert.deepEqual(told, [{ role: "user", content: "First part.\n\nSecond part." }]);
});

test("no request to the upstream carries anything of ours but the key and the conversation", () => {
  const names = new Set(app.fake.requests.flatMap(({ headers }) => Object.keys(headers)));
  const allowed = ["host", "connection", "authorization", "content-type", "content-length"];
  assert.deepEqual(
    [...names].filter((name) => !allowed.includes(name)),
    [],
  );
  assert.ok(app.fake.requests.every(({ body }) => !JSON.stringify(body).includes("sk-test")));
});
