import assert from "node:assert/strict";
import { test } from "node:test";
import { contextWords, traitsOf } from "../../src/helpers/models.js";

for (const [tokens, words] of [
  [512, "512"],
  [4096, "4K"],
  [8000, "8K"],
  [32_768, "32K"],
  [128_000, "128K"],
  [131_072, "128K"],
  [200_000, "200K"],
  [1_000_000, "1M"],
  [1_048_576, "1M"],
  [1_500_000, "1.5M"],
  [40_960, "40K"],
  [2500, "2.4K"],
] as const) {
  test(`${tokens} tokens are ${words}`, () => {
    assert.equal(contextWords(tokens), words);
  });
}

test("a model's traits are what its server says, and nothing else", () => {
  const unknown = { contextTokens: null, vision: null, reasoning: null, provider: null };

  assert.equal(traitsOf(unknown), "");
  assert.equal(
    traitsOf({
      contextTokens: 131_072,
      vision: true,
      reasoning: false,
      provider: { name: "Ours" },
    }),
    "128K context · sees images · Ours",
  );
});
