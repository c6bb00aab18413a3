import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "../../src/deepseek/client.js";
import * as scenario from "../support/fake-deepseek.js";
import { wire } from "../support/fake-deepseek.js";
import {
  ask,
  CLOCKS,
  client,
  collect,
  failure,
  fake,
  finish,
  HELLO,
  KEY,
  never,
  retries,
} from "./support.js";

test("a good answer is accepted, thought, said and finished, in this order", async () => {
  fake.next(scenario.answer({ reasoning: "Let me see.", content: "Hello **you**" }));
  const answer = await ask();

  const order = answer.deltas.map((delta) => delta.type).join(" ");
  assert.match(order, /^accepted( reasoning)+( content)+ finish$/);
  assert.equal(answer.thoughts, "Let me see.");
  assert.equal(answer.text, "Hello **you**");
});

test("the finish carries the reason and the usage, cache hits included", async () => {
  const usage = { promptTokens: 120, cachedTokens: 64, completionTokens: 40, reasoningTokens: 10 };

  assert.deepEqual(finish(await ask()), { type: "finish", reason: "stop", usage });
});

test("keep-alive comments before the first text say that we are queued", async () => {
  fake.next(scenario.queued(2));
  const { deltas } = await ask();

  assert.deepEqual(
    deltas.slice(0, 4).map(({ type }) => type),
    ["accepted", "queued", "queued", "reasoning"],
  );
});

test("nothing but the key and the type of the body is in the headers", async () => {
  await ask();

  const { connection, host, ...headers } = fake.requests[0]?.headers ?? {};
  assert.deepEqual(Object.keys(headers).sort(), [
    "authorization",
    "content-length",
    "content-type",
  ]);
  assert.equal(headers.authorization, `Bearer ${KEY}`);
});

test("without a key there is no authorization", async () => {
  await ask({ apiKey: "" });

  assert.equal(fake.requests[0]?.headers.authorization, undefined);
});

test("cookies of the server are not sent back", async () => {
  fake.next(scenario.status(500, {}, { "set-cookie": "a=b" }));
  await ask();

  assert.equal(fake.requests[1]?.headers.cookie, undefined);
});

test("placeholders in a prompt stay as they are", async () => {
  const content = "$" + "{DEEPSEEK_API_KEY} {{key}} <%= key %> %(key)s";
  await ask({}, { messages: [{ role: "user", content }] });

  assert.equal(fake.requests[0]?.body.messages[0].content, content);
});

for (const base of [
  "/",
  "//",
  "/v1",
  "/v1/",
  "/v1/chat/completions",
  "/chat/completions/",
  "?a=b#c",
]) {
  test(`the base URL may end in ${base}`, async () => {
    await ask({ baseUrl: ` ${fake.url}${base} ` });

    assert.match(fake.requests[0]?.path ?? "", /^(\/v1)?\/chat\/completions$/);
  });
}

test("a base URL that is none is refused at once", () => {
  for (const baseUrl of ["", "localhost:11434", "file:///etc/passwd"]) {
    assert.throws(() => createClient({ baseUrl, flavor: "generic", clocks: CLOCKS }), TypeError);
  }
});

for (const reason of ["length", "content_filter", "insufficient_system_resource", "tool_calls"]) {
  test(`finish reason ${reason} comes through`, async () => {
    fake.next(scenario.answer({ finish: reason }));

    assert.equal(finish(await ask()).reason, reason);
  });
}

test("a finish reason nobody knows is other", async () => {
  fake.next(scenario.answer({ finish: "aborted" }));

  assert.equal(finish(await ask()).reason, "other");
});

test("a finish without [DONE] is fine", async () => {
  fake.next(scenario.answer({ content: "all", done: false }));

  assert.equal(finish(await ask()).reason, "stop");
});

test("[DONE] without a finish reason is fine", async () => {
  fake.next(scenario.answer({ content: "all", finish: null }));

  assert.equal(finish(await ask()).reason, "stop");
});

test("a finish is not lost when the connection breaks after it", async () => {
  fake.next(async (exchange) => {
    exchange.res.write(wire.events(wire.content("all"), wire.finish("stop")));
    setTimeout(() => exchange.res.socket?.resetAndDestroy(), 30);
  });

  assert.equal(finish(await ask()).reason, "stop");
});

test("a server that never closes after [DONE] does not hold the answer up", async () => {
  fake.next(async ({ res }) => {
    res.write(wire.events(wire.content("all"), wire.finish("stop"), wire.DONE));
  });
  const began = performance.now();

  assert.equal(finish(await ask()).reason, "stop");
  assert.ok(performance.now() - began < 1500);
  await scenario.closed(fake.requests[0]);
});

test("a connection is used again after a whole answer", async () => {
  const one = client();
  const ports = new Set<number | undefined>();
  for (let turn = 0; turn < 3; turn++) {
    fake.next(async (exchange) => {
      ports.add(exchange.res.socket?.remotePort);
      await scenario.answer()(exchange);
    });
    await collect(one.stream(HELLO, { signal: never() }));
    await new Promise(setImmediate);
  }

  assert.equal(ports.size, 1);
});

for (const name of ["OLLAMA", "LLAMA_CPP", "VLLM"] as const) {
  test(`the dialect of ${name} is understood`, async () => {
    fake.next(scenario.stream(wire[name]));
    const answer = await ask({ flavor: "generic" });

    assert.deepEqual([answer.thoughts, answer.text], ["Hm.", "Hello you"]);
    assert.equal(finish(answer).usage?.completionTokens, 7);
  });
}

test("JSON instead of a stream is an answer too", async () => {
  const message = { role: "assistant", content: "Hello", reasoning_content: "Hm." };
  fake.next(
    scenario.unstreamed({ choices: [{ message, finish_reason: "stop" }], usage: wire.USAGE }),
  );
  const answer = await ask();

  assert.deepEqual([answer.thoughts, answer.text], ["Hm.", "Hello"]);
  assert.equal(finish(answer).usage?.promptTokens, 120);
});

test("thinking at the start of the content is split off for a generic server only", async () => {
  const content = "<think>Hm.</think>\n\nHello";
  fake.next(
    scenario.answer({ reasoning: "", content }),
    scenario.answer({ reasoning: "", content }),
  );

  assert.equal((await ask({ flavor: "generic" })).text, "Hello");
  assert.equal((await ask({ flavor: "deepseek" })).text, content);
});

test("a broken event among good ones is skipped", async () => {
  fake.next(
    scenario.stream([wire.content("a"), "data: {]\n\n", wire.content("b"), wire.finish("stop")]),
  );
  const answer = await ask();

  assert.equal(answer.text, "ab");
  assert.equal(finish(answer).reason, "stop");
});

test("what a server calls its events does not matter", async () => {
  const events =
    "event: execute\nid: 7\nretry: 0\n" +
    wire.events(wire.content("a\u2028\u0000b\n\nevent: done"));
  fake.next(scenario.stream([events, wire.finish("stop")]));

  assert.equal((await ask()).text, "a\u2028\ufffdb\n\nevent: done");
});

test("one byte at a time is an answer too", async () => {
  fake.next(scenario.drip(1, { everyMs: 0, reasoning: "", content: "naïve 😀 日本" }));

  assert.equal((await ask()).text, "naïve 😀 日本");
});

test("a stream without text but with a stop is an empty answer", async () => {
  const empty = scenario.answer({ reasoning: "", content: " \n " });
  fake.next(empty, empty, empty);

  assert.equal(failure(await ask()).kind, "empty_answer");
});

test("an answer of thoughts alone is an answer", async () => {
  fake.next(scenario.answer({ reasoning: "Only thought.", content: "" }));

  assert.equal(finish(await ask()).reason, "stop");
});

test("going on where nothing is missing may give nothing", async () => {
  fake.next(scenario.answer({ reasoning: "", content: "" }));
  const messages = [...HELLO.messages, { role: "assistant" as const, content: "Hi." }];

  assert.equal(finish(await ask({}, { messages, continuing: true })).reason, "stop");
});

test("a second attempt after an empty answer is visible, and gives the answer once", async () => {
  fake.next(
    scenario.answer({ reasoning: "", content: "\n\n" }),
    scenario.answer({ content: "Hello" }),
  );
  const answer = await ask();

  assert.equal(answer.text, "Hello");
  assert.equal(retries(answer)[0]?.failure.kind, "empty_answer");
});

test("the same client answers several people at once", async () => {
  const both = scenario.hold(["a"], ["z"]);
  fake.next(both, both);
  const pending = Promise.all([ask(), ask()]);
  while (fake.requests.length < 2) await new Promise(setImmediate);
  both.release();

  assert.deepEqual(
    (await pending).map(({ text }) => text),
    ["az", "az"],
  );
});
