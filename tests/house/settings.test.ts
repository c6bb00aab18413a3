import assert from "node:assert/strict";
import { test } from "node:test";
import dotenv from "dotenv";
import { read } from "./sources.js";

process.env.NODE_ENV = "test";
const { load, settingNames } = await import("../../src/config.js");

const text = read(".env.example");
const example = dotenv.parse(text);

test(".env.example explains every setting, and nothing else", () => {
  assert.deepEqual(Object.keys(example).sort(), [...settingNames].sort());
});

test("the values in .env.example are the defaults", () => {
  assert.equal(load(example).complaints, null);
  assert.deepEqual(load(example).config, load({}).config);
});

test("each setting has a sentence above it", () => {
  for (const name of settingNames) {
    assert.match(text, new RegExp(`^# .+\\n(?:[A-Z_]+=.*\\n)*${name}=`, "m"), name);
  }
});

test("the secrets that may come from a file are named there", () => {
  const names = "SESSION_SECRET PASSWORD_PEPPER ENCRYPTION_SECRET DEEPSEEK_API_KEY METRICS_TOKEN";
  for (const name of names.split(" ")) assert.match(text, new RegExp(`${name}_FILE`));
});
