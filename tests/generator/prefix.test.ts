// What the provider's cache saves depends on each request beginning, byte by byte, as the one before it did.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { longer, PrefixCache, prefixesOf } from "../../src/demo/prefix-cache.js";
import type { Message } from "../../src/demo/request.js";
import { startApp } from "../support/app.js";
import type { FakeRequest } from "../support/fake-deepseek.js";
import * as scenario from "../support/fake-deepseek.js";

const app = await startApp({ DEEPSEEK_DIALECT: "deepseek" });
const ada = await app.signedIn("ada");
const TURNS = 20;
const LONG = "Words that fill some room, so that there is something to keep. ".repeat(8);

afterEach(() => app.fake.forget());

/** Counts as DeepSeek does: what was sent is kept at the end of the question and at the end of the answer. */
function countingCache() {
  const cache = new PrefixCache();
  const counts = { eligible: 0, hit: 0 };
  let kept = 0;

  const scenarioOf = (answer: string): scenario.Scenario => {
    return async (exchange) => {
      const messages = messagesOf(exchange.request);
      const prefixes = prefixesOf(messages, "");
      const prompt = prefixes.at(-1);
      assert.ok(prompt);
      const hit = cache.hitTokens(prefixes);
      counts.eligible += kept;
      counts.hit += hit;

      const whole = longer(prompt, { role: "assistant", content: answer });
      cache.remember(prompt);
      cache.remember(whole);
      kept = whole.tokens;
      await scenario.answer({ content: answer, usage: usageOf(prompt.tokens, hit) })(exchange);
    };
  };
  return { counts, scenarioOf };
}

function usageOf(prompt: number, hit: number): object {
  return {
    prompt_tokens: prompt,
    completion_tokens: 20,
    prompt_tokens_details: { cached_tokens: hit },
  };
}

function messagesOf({ body }: FakeRequest): Message[] {
  return body.messages.map(({ role, content }: Message) => ({ role, content }));
}

async function play(turns: number) {
  const { counts, scenarioOf } = countingCache();
  let path = "";

  for (let turn = 1; turn <= turns; turn += 1) {
    app.fake.next(scenarioOf(`Answer ${turn}. ${LONG}`));
    const conversation = path.split("/").at(-1) ?? "";
    path = (await ada.ask(`Question ${turn}? ${LONG}`, { conversation })).split("?")[0] ?? "";
    await ada.settled(path);
  }
  return { path, counts };
}

test("in twenty turns at least nine tenths of what the cache can have come from it", async () => {
  const { path, counts } = await play(TURNS);
  assert.ok(counts.eligible > 10_000);
  assert.ok(counts.hit >= 0.9 * counts.eligible, `${counts.hit} of ${counts.eligible}`);

  const shown = /(\d+) % from the cache/.exec((await ada.get(path)).words(".conversation__usage"));
  assert.ok(Number(shown?.[1]) >= 80, String(shown));
  assert.doesNotMatch((await ada.get(path)).words("main"), /Little came from the cache/);
});

test("each request begins with the bytes of the one before", async () => {
  await play(6);
  const told = app.fake.requests.map(({ body: { messages, ...rest } }) => ({
    messages: JSON.stringify(messages).slice(0, -1),
    rest: JSON.stringify(rest),
  }));

  assert.equal(told.length, 6);
  for (const [index, { messages, rest }] of told.entries()) {
    const before = told[index - 1] ?? { messages: "", rest };
    assert.ok(messages.startsWith(before.messages), `request ${index + 1}`);
    assert.equal(rest, before.rest);
  }
});

test("what would be another beginning counts as a miss, so the test above can fail", () => {
  const cache = new PrefixCache();
  const told: Message[] = [
    { role: "system", content: "It is 10:00." },
    { role: "user", content: LONG },
  ];
  for (const prefix of prefixesOf(told, "")) cache.remember(prefix);

  assert.ok(cache.hitTokens(prefixesOf(told, "")) > 0);
  const [, ...rest] = told;
  assert.equal(
    cache.hitTokens(prefixesOf([{ role: "system", content: "It is 10:01." }, ...rest], "")),
    0,
  );
});

test("another answer to the same question has all of the question from the cache", async () => {
  const { path } = await play(2);
  const { counts, scenarioOf } = countingCache();
  app.fake.next(scenarioOf("Once."), scenarioOf("Twice."));
  for (const _ of [1, 2]) {
    const page = await ada.get(path);
    await ada.post(String(page.$("form[action$=generations]").last().attr("action")));
    await ada.settled(path);
  }
  const [first, second] = app.fake.requests.slice(-2).map(messagesOf);
  assert.deepEqual(first, second);
  assert.ok(counts.hit > 0);
});
