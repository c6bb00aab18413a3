import assert from "node:assert/strict";
import { test } from "node:test";
import { modelField, readModelChoice } from "../../src/forms/model-choice.js";
import { parametersForm, parameterValues } from "../../src/forms/parameters.js";

const NOTHING = {
  providerId: null,
  model: null,
  thinking: null,
  temperature: null,
  topP: null,
  maxTokens: null,
  systemPrompt: null,
};
const EMPTY = {
  model: "",
  thinking: "",
  temperature: " ",
  topP: "",
  maxTokens: "",
  systemPrompt: " \n",
};

const ALL = {
  providerId: "p1",
  model: "qwen3:8b",
  thinking: "max",
  temperature: 0.7,
  topP: 1,
  maxTokens: 4000,
  systemPrompt: "Be brief.\nBe kind.",
} as const;

for (const [what, input] of [
  ["no form at all", undefined],
  ["a form without these fields", { prompt: "Hello" }],
  ["empty fields", EMPTY],
] as const) {
  test(`${what} leaves everything to the server`, () => {
    assert.deepEqual(parametersForm(input), { ok: true, value: NOTHING });
  });
}

test("what the form shows gives, sent back, the same again", () => {
  for (const value of [ALL, NOTHING]) {
    assert.deepEqual(parametersForm(parameterValues(value)), { ok: true, value });
  }
});

test("numbers may have a comma, and texts the line breaks of a form", () => {
  const form = parametersForm({ temperature: "0,7", topP: " .5 ", systemPrompt: "a\r\nb" });

  assert.deepEqual(form, {
    ok: true,
    value: { ...NOTHING, temperature: 0.7, topP: 0.5, systemPrompt: "a\nb" },
  });
});

for (const [field, values, said] of [
  ["temperature", ["-0.1", "2.1", "warm", "1e0", "0x1", "1.2.3", "Infinity"], /from 0 to 2/],
  ["topP", ["0", "1.01", "-1", "all"], /above 0, at most 1/],
  ["maxTokens", ["0", "1.5", "1000001", "1e3", "many"], /from 1 to 1,000,000/],
  ["thinking", ["hard", "OFF"], /from the list/],
  [
    "model",
    ["deepseek-flash", "default:", ":x", "a b:c", "default:\0", "x".repeat(301)],
    /from the list/,
  ],
  ["systemPrompt", ["x".repeat(10_001), "a\0b"], /10,001 characters|NUL/],
] as const) {
  test(`what cannot be a ${field} is said at its field, and nothing is lost`, () => {
    for (const typed of values) {
      const form = parametersForm({ ...parameterValues(ALL), [field]: typed });
      assert.ok(!form.ok, typed);
      assert.deepEqual(Object.keys(form.errors), [field]);
      assert.match(form.errors[field] ?? "", said);
      assert.equal(form.values[field], typed);
      assert.equal(form.values.systemPrompt, field === "systemPrompt" ? typed : ALL.systemPrompt);
    }
  });
}

test("what is no text is refused, whatever the field", () => {
  for (const field of Object.keys(EMPTY)) {
    const form = parametersForm({ [field]: ["1", "2"] });
    assert.ok(!form.ok, field);
    assert.deepEqual(Object.keys(form.errors), [field]);
  }
});

test("a system prompt is counted in characters, not in bytes", () => {
  assert.equal(parametersForm({ systemPrompt: "🦊".repeat(10_000) }).ok, true);
});

test("a model of its own field is read with its provider, or is none", () => {
  assert.deepEqual(readModelChoice("default:qwen3:8b"), { providerId: null, model: "qwen3:8b" });
  assert.deepEqual(readModelChoice("p1:x"), { providerId: "p1", model: "x" });
  for (const input of ["", "x", undefined, ["default:x"], 7]) {
    assert.equal(readModelChoice(input), null);
  }
  assert.equal(modelField({ providerId: null, model: "qwen3:8b" }), "default:qwen3:8b");
  assert.equal(modelField(NOTHING), "");
});
