import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { readModels } from "../../src/deepseek/models.js";
import * as scenario from "../support/fake-deepseek.js";
import { CLOCKS, client, fake, KEY, never } from "./support.js";

const { models } = fake;
afterEach(() => {
  fake.models = models;
});

test("the models of DeepSeek come with name and context", async () => {
  const [model] = await client().models({ signal: never() });

  assert.deepEqual(model, {
    id: "deepseek-flash",
    name: "DeepSeek Flash",
    contextTokens: 1_048_576,
    outputTokens: 393_216,
    vision: true,
    reasoning: true,
  });
});

const DIALECTS: [whose: string, item: object, contextTokens: number | null][] = [
  ["old DeepSeek", { id: "m", object: "model", owned_by: "deepseek" }, null],
  ["vLLM", { id: "m", max_model_len: 32_768 }, 32_768],
  ["llama.cpp", { id: "m", meta: { n_ctx_train: 4096 } }, 4096],
  ["OpenRouter", { id: "m", context_length: 8192 }, 8192],
  ["LiteLLM", { id: "m", max_input_tokens: 100 }, 100],
  ["nonsense", { id: "m", context_window: "many", max_model_len: -1 }, null],
];

for (const [whose, item, contextTokens] of DIALECTS) {
  test(`the context of ${whose} is ${contextTokens}`, () => {
    assert.equal(readModels({ data: [item] })?.[0]?.contextTokens, contextTokens);
  });
}

const ABILITIES: [
  whose: string,
  item: object,
  vision: boolean | null,
  reasoning: boolean | null,
][] = [
  ["DeepSeek", { input_modalities: ["text"], effort: { supported_levels: ["low"] } }, false, true],
  ["the demo", { input_modalities: ["text"] }, false, null],
  [
    "OpenRouter",
    { architecture: { input_modalities: ["image"] }, supported_parameters: ["reasoning"] },
    true,
    true,
  ],
  ["llama.cpp", { capabilities: ["completion", "multimodal"] }, true, false],
  ["vLLM", { max_model_len: 4096 }, null, null],
  ["nonsense", { input_modalities: "image", effort: { supported_levels: 3 } }, null, null],
];

for (const [whose, item, vision, reasoning] of ABILITIES) {
  test(`what a model of ${whose} can is what its list says`, () => {
    const [model] = readModels({ data: [{ id: "m", ...item }] }) ?? [];

    assert.deepEqual([model?.vision, model?.reasoning], [vision, reasoning]);
  });
}

for (const [whose, item, outputTokens] of [
  ["DeepSeek", { max_output_tokens: 100 }, 100],
  ["OpenRouter", { top_provider: { max_completion_tokens: 200 } }, 200],
  ["vLLM", {}, null],
] as const) {
  test(`an answer of ${whose} has at most ${outputTokens} tokens`, () => {
    assert.equal(readModels([{ id: "m", ...item }])?.[0]?.outputTokens, outputTokens);
  });
}

test("a list is found under data, models or nothing, and what has no id is left out", () => {
  const list = [{ id: "a" }, {}, null, 7, { id: "" }, { name: "b" }];

  for (const body of [{ data: list }, { models: list }, list]) {
    assert.deepEqual(
      readModels(body)?.map(({ id }) => id),
      ["a", "b"],
    );
  }
});

test("the list is asked for with the key and no body", async () => {
  fake.models = scenario.status(200, { data: [] });

  assert.deepEqual(await client({ baseUrl: `${fake.url}/v1/` }).models({ signal: never() }), []);
  assert.equal(fake.modelRequests[0]?.path, "/v1/models");
  assert.equal(fake.modelRequests[0]?.headers.authorization, `Bearer ${KEY}`);
});

test("a wrong key is unauthorized", async () => {
  fake.models = scenario.status(401);

  await assert.rejects(client().models({ signal: never() }), { kind: "unauthorized" });
});

for (const body of ["<html>", "{", "7", "{}", `{"data":"x"}`]) {
  test(`${body} is no list`, async () => {
    fake.models = scenario.status(200, body);

    await assert.rejects(client().models({ signal: never() }), { kind: "protocol" });
  });
}

test("a list that never comes is not waited for", async () => {
  fake.models = scenario.stall(0);
  const slow = client({ clocks: { ...CLOCKS, headersMs: 100 } });

  await assert.rejects(slow.models({ signal: never() }), { kind: "no_answer" });
  await scenario.closed(fake.modelRequests[0]);
});

test("abort gives the caller's own reason", async () => {
  fake.models = scenario.stall(0);
  const signal = AbortSignal.timeout(50);

  await assert.rejects(client().models({ signal }), (reason) => reason === signal.reason);
});
