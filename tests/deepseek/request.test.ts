import assert from "node:assert/strict";
import { test } from "node:test";
import type { ChatMessage } from "../../src/deepseek/types.js";
import type { FakeRequest } from "../support/fake-deepseek.js";
import { ask, fake } from "./support.js";

const QUESTION: ChatMessage = { role: "user", content: "Why?" };
const ANSWER: ChatMessage = { role: "assistant", content: "Because", reasoning: "Hm." };

async function sent(...args: Parameters<typeof ask>): Promise<FakeRequest> {
  await ask(...args);
  const [request] = fake.requests;
  assert.ok(request);
  return request;
}

test("a server is asked to stream and to count, and for nothing else", async () => {
  assert.deepEqual((await sent()).body, {
    model: "deepseek-flash",
    messages: [{ role: "user", content: "Hello" }],
    stream: true,
    stream_options: { include_usage: true },
  });
});

test("a generic server gets no field of DeepSeek's", async () => {
  const messages = [QUESTION, ANSWER, QUESTION];
  const request = await sent({ flavor: "generic" }, { messages });

  assert.deepEqual(request.body.messages[1], { role: "assistant", content: "Because" });
});

for (const flavor of ["deepseek", "generic"] as const) {
  test(`pictures go before their question as parts, to a ${flavor} server`, async () => {
    const messages: ChatMessage[] = [{ ...QUESTION, pictures: ["data:image/png;base64,AA=="] }];
    assert.deepEqual((await sent({ flavor }, { messages })).body.messages, [
      {
        role: "user",
        content: [
          { type: "image_url", image_url: { url: "data:image/png;base64,AA==" } },
          { type: "text", text: "Why?" },
        ],
      },
    ]);
  });
}

test("reasoning goes back to DeepSeek byte for byte, empty where there was none", async () => {
  const plain: ChatMessage = { role: "assistant", content: "Yes" };
  const request = await sent({}, { messages: [QUESTION, ANSWER, QUESTION, plain, QUESTION] });

  assert.deepEqual(request.body.messages[1].reasoning_content, "Hm.");
  assert.deepEqual(request.body.messages[3].reasoning_content, "");
  assert.equal("reasoning_content" in request.body.messages[0], false);
});

for (const base of ["", "/v1", "/beta"]) {
  test(`DeepSeek goes on with an answer on the beta base, from "${base}"`, async () => {
    const messages = [QUESTION, ANSWER];
    const request = await sent({ baseUrl: fake.url + base }, { messages, continuing: true });

    assert.equal(request.path, "/beta/chat/completions");
    assert.deepEqual(request.body.messages[1], {
      role: "assistant",
      content: "Because",
      reasoning_content: "Hm.",
      prefix: true,
    });
  });
}

test("a generic server is asked in words to go on", async () => {
  const options = { flavor: "generic" as const, baseUrl: `${fake.url}/v1` };
  const request = await sent(options, { messages: [QUESTION, ANSWER], continuing: true });

  assert.equal(request.path, "/v1/chat/completions");
  assert.deepEqual(request.body.messages[1], { role: "assistant", content: "Because" });
  assert.match(request.body.messages[2].content, /exactly where it stopped/);
});

test("a brief answer comes from DeepSeek without thinking, and elsewhere without a field of DeepSeek's", async () => {
  const brief = { maxTokens: 60 };
  const { body } = await sent({}, { brief });
  assert.deepEqual([body.thinking, body.max_tokens], [{ type: "disabled" }, 60]);

  fake.forget();
  const elsewhere = await sent({ flavor: "generic" }, { brief });
  assert.deepEqual(Object.keys(elsewhere.body), ["model", "messages", "stream", "stream_options"]);
});

const MANNER = { temperature: 0.5, topP: 0.9, maxTokens: 100 };
const fieldsOf = ({ body: { model, messages, stream, stream_options, ...fields } }: FakeRequest) =>
  fields;

for (const [thinking, fields] of [
  [null, { max_tokens: 100 }],
  ["low", { thinking: { type: "enabled" }, reasoning_effort: "low", max_tokens: 100 }],
  ["high", { thinking: { type: "enabled" }, reasoning_effort: "high", max_tokens: 100 }],
  ["max", { thinking: { type: "enabled" }, reasoning_effort: "max", max_tokens: 100 }],
  ["off", { thinking: { type: "disabled" }, temperature: 0.5, top_p: 0.9, max_tokens: 100 }],
] as const) {
  test(`DeepSeek is told how to think (${thinking}), and how to choose words only without`, async () => {
    assert.deepEqual(fieldsOf(await sent({}, { thinking, ...MANNER })), fields);
  });
}

test("a generic server is told what all know, and nothing of thinking", async () => {
  const request = await sent({ flavor: "generic" }, { thinking: "max", ...MANNER });

  assert.deepEqual(fieldsOf(request), { temperature: 0.5, top_p: 0.9, max_tokens: 100 });
});

test("a temperature of nothing is told, and what was not chosen is left out", async () => {
  const manner = { thinking: "off" as const, temperature: 0, topP: null };

  assert.deepEqual(fieldsOf(await sent({}, manner)), {
    thinking: { type: "disabled" },
    temperature: 0,
  });
});
