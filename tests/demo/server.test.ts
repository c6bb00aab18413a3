import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createClient } from "../../src/deepseek/client.js";
import type { Delta } from "../../src/deepseek/types.js";
import { startDemo } from "../../src/demo/server.js";

const clocks = {
  connectMs: 1000,
  headersMs: 1000,
  firstTokenMs: 1000,
  betweenTokensMs: 1000,
  totalMs: 10_000,
};
const demo = await startDemo({ tokensPerSecond: 100_000 });
const slow = await startDemo();
after(() => Promise.all([demo.close(), slow.close()]));

const HELLO = [{ role: "user", content: "Hello" }];
const REFUSALS: [name: string, body: unknown, status: number, message: RegExp][] = [
  ["what is not JSON", "{", 400, /^Failed to parse the request body as JSON: /],
  ["a body without messages", { model: "demo" }, 400, /^Failed to deserialize .*: messages: /],
  ["an empty list", { model: "demo", messages: [] }, 400, /^Empty input messages$/],
  ["another model", { model: "deepseek-flash", messages: HELLO }, 400, /^Model Not Exist$/],
  ["too many tokens", { model: "demo", messages: HELLO, max_tokens: 9000 }, 400, /\[1, 8192\]/],
  ["no tokens", { model: "demo", messages: HELLO, max_tokens: 0 }, 400, /\[1, 8192\]/],
  [
    "an answer at the end without prefix",
    { model: "demo", messages: [...HELLO, { role: "assistant", content: "Hi" }] },
    400,
    /^The last message of demo must be a user message, or an assistant message with prefix mode on/,
  ],
  [
    "a conversation longer than its context",
    { model: "demo", messages: [{ role: "user", content: "word ".repeat(70_000) }] },
    400,
    /^This model's maximum context length is 65536 tokens/,
  ],
  ["a huge body", "x".repeat(5_000_000), 413, /too large/],
];

for (const [name, body, status, message] of REFUSALS) {
  test(`${name} is refused in DeepSeek's words`, async () => {
    const response = await post(typeof body === "string" ? body : JSON.stringify(body));
    const { error } = (await response.json()) as { error: Record<string, unknown> };

    assert.equal(response.status, status);
    assert.match(String(error.message), message);
    assert.equal(error.code, "invalid_request_error");
  });
}

test("without the key nobody is let in", async () => {
  for (const authorization of ["", "Bearer wrong-key-abcd", demo.apiKey]) {
    const response = await fetch(`${demo.url}/models`, { headers: { authorization } });
    assert.equal(response.status, 401);
    assert.match(await response.text(), /Authentication Fails/);
  }
});

test("an unknown address is not found", async () => {
  const response = await fetch(`${demo.url}/user/balance`, { headers: bearer() });
  assert.equal(response.status, 404);
});

test("it lists itself", async () => {
  const response = await fetch(`${demo.url}/v1/models`, { headers: bearer() });
  const { data } = (await response.json()) as { data: Record<string, unknown>[] };

  assert.equal(data.length, 1);
  assert.equal(data[0]?.id, "demo");
  assert.equal(data[0]?.name, "Demo");
  assert.equal(data[0]?.context_window, 65_536);
});

test("a stream has a role first, then reasoning, then content, then usage", async () => {
  const chunks = await stream({ stream_options: { include_usage: true } });
  const [first, ...rest] = chunks;
  const last = rest.pop();
  const kinds = rest.map(({ choices: [choice] }) => (choice.delta.content === null ? "r" : "c"));

  assert.deepEqual(first?.choices[0].delta, {
    role: "assistant",
    content: null,
    reasoning_content: "",
  });
  assert.match(kinds.join(""), /^r+c+$/);
  assert.ok([first, ...rest].every((chunk) => chunk?.usage === null));
  assert.equal(last?.choices[0].finish_reason, "stop");
  assert.ok(last?.usage?.total_tokens);
});

test("without include_usage only the last chunk speaks of usage", async () => {
  const chunks = await stream({});
  assert.deepEqual(
    chunks.map((chunk) => "usage" in chunk),
    chunks.map((_, index) => index === chunks.length - 1),
  );
});

test("thinking can be turned off", async () => {
  const chunks = await stream({ thinking: { type: "disabled" } });
  assert.deepEqual(chunks[0]?.choices[0].delta, { role: "assistant", content: "" });
  assert.ok(chunks.every(({ choices: [{ delta }] }) => !("reasoning_content" in delta)));
});

test("without stream it answers in one piece", async () => {
  const response = await post(JSON.stringify({ model: "demo", messages: HELLO }));
  const whole = (await response.json()) as Whole;

  assert.equal(whole.choices[0].message.role, "assistant");
  assert.match(whole.choices[0].message.content, /demo/);
  assert.ok(whole.choices[0].message.reasoning_content.length > 100);
});

test("max_tokens counts thoughts and words", async () => {
  const messages = [{ role: "user", content: "a long answer" }];
  const last = (await stream({ messages, max_tokens: 150 })).at(-1);
  const thoughts = last?.usage?.completion_tokens_details.reasoning_tokens ?? 0;

  assert.equal(last?.choices[0].finish_reason, "length");
  assert.equal(last?.usage?.completion_tokens, 150);
  assert.ok(thoughts > 80 && thoughts < 150);
});

test("an answer that was cut is gone on with through the client", async () => {
  const question = "Give me a long answer about yourself";
  const cut = await stream({ messages: [{ role: "user", content: question }], max_tokens: 400 });
  const begun = cut.map(({ choices: [{ delta }] }) => delta.content ?? "").join("");
  const rest = await answer(question, begun);

  assert.equal(cut.at(-1)?.choices[0].finish_reason, "length");
  assert.equal(rest.finish, "stop");
  assert.equal(rest.reasoning, "");
  assert.match(begun + rest.content, /less about itself\.$/);
  assert.equal((begun + rest.content).match(/## 1\. A question is sent/g)?.length, 1);
});

test("regenerating changes the words, and is read from the cache", async () => {
  const first = await answer("Tell me who you are, are you real?");
  const second = await answer("Tell me who you are, are you real?");

  assert.notEqual(second.content, first.content);
  assert.equal(first.usage?.cachedTokens, 0);
  assert.equal(second.usage?.cachedTokens, second.usage?.promptTokens);
});

test("the next question finds the conversation so far in the cache", async () => {
  const question = { role: "user" as const, content: "My name is Ada. What can you do?" };
  const first = await take([question]);
  const next = await take([
    question,
    { role: "assistant", content: first.content },
    { role: "user", content: "What is my name?" },
  ]);

  const promptTokens = next.usage?.promptTokens ?? 0;
  const cachedTokens = next.usage?.cachedTokens ?? 0;
  assert.ok(cachedTokens > 50 && cachedTokens < promptTokens, `${cachedTokens}/${promptTokens}`);
  assert.match(next.content, /\*\*Ada\*\*/);
});

test("it is read along: about sixty tokens a second", async () => {
  const reading = new AbortController();
  const client = clientOf(slow);
  const started = performance.now();
  let text = "";

  try {
    for await (const delta of client.stream(
      { model: "demo", messages: [{ role: "user", content: "Hello" }] },
      { signal: reading.signal },
    )) {
      if (delta.type === "reasoning") text += delta.text;
      if (performance.now() - started > 600) reading.abort();
    }
  } catch {
    assert.ok(reading.signal.aborted);
  }
  await client.close();
  assert.ok(text.length > 40 && text.length < 260, `${text.length} characters in 0.6 s`);
});

test("whoever goes away leaves nothing running", async () => {
  const leaving = new AbortController();
  const response = await post(
    JSON.stringify({ model: "demo", stream: true, messages: HELLO }),
    slow,
    leaving.signal,
  );
  await response.body?.getReader().read();
  leaving.abort();

  const again = await startDemo();
  const waiting = await post(
    JSON.stringify({ model: "demo", stream: true, messages: HELLO }),
    again,
  );
  const started = performance.now();
  await again.close();
  assert.ok(performance.now() - started < 200);
  await assert.rejects(waiting.text());
});

test("many streams at once are each complete", async () => {
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, index) => answer(`Is ${index} a good number?`)),
  );

  for (const [index, { content, finish }] of answers.entries()) {
    assert.equal(finish, "stop");
    assert.match(content, new RegExp(`“Is ${index} a good number\\?”`));
  }
});

interface Chunk {
  choices: [{ delta: Record<string, unknown>; finish_reason: string | null }];
  usage?: {
    total_tokens: number;
    completion_tokens: number;
    completion_tokens_details: { reasoning_tokens: number };
  } | null;
}

interface Whole {
  choices: [{ message: { role: string; content: string; reasoning_content: string } }];
}

function bearer(server = demo) {
  return { authorization: `Bearer ${server.apiKey}` };
}

function post(body: string, server = demo, signal: AbortSignal | null = null) {
  return fetch(`${server.url}/chat/completions`, {
    method: "POST",
    headers: bearer(server),
    body,
    signal,
  });
}

async function stream(fields: object): Promise<Chunk[]> {
  const body = { model: "demo", stream: true, messages: HELLO, ...fields };
  const response = await post(JSON.stringify(body));
  const events = (await response.text()).split("\n\n").filter((event) => event !== "");

  assert.equal(events.pop(), "data: [DONE]");
  return events.map((event) => JSON.parse(event.slice("data: ".length)));
}

function clientOf({ url, apiKey }: { url: string; apiKey: string }) {
  return createClient({ baseUrl: url, apiKey, flavor: "deepseek", clocks });
}

function answer(question: string, begun?: string) {
  return take([
    { role: "user", content: question },
    ...(begun === undefined ? [] : [{ role: "assistant" as const, content: begun }]),
  ]);
}

async function take(messages: { role: "user" | "assistant"; content: string }[]) {
  const client = clientOf(demo);
  const continuing = messages.at(-1)?.role === "assistant";
  const deltas: Delta[] = [];
  const request = { model: "demo", messages, continuing };
  for await (const delta of client.stream(request, { signal: AbortSignal.timeout(5000) })) {
    deltas.push(delta);
  }
  await client.close();

  const last = deltas.at(-1);
  assert.ok(last?.type === "finish");
  return {
    reasoning: textOf(deltas, "reasoning"),
    content: textOf(deltas, "content"),
    finish: last.reason,
    usage: last.usage,
  };
}

function textOf(deltas: Delta[], type: "reasoning" | "content"): string {
  return deltas.map((delta) => (delta.type === type ? delta.text : "")).join("");
}
