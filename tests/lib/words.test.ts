import assert from "node:assert/strict";
import { test } from "node:test";
import { termsOf, wordsOf } from "../../src/lib/words.js";

function terms(text: string): string[] {
  return [...wordsOf(text)].flatMap(termsOf);
}

for (const [text, expected] of [
  ["Two words, and 3.14!", ["two", "words", "and", "3", "14"]],
  ["Crème BRÛLÉE naïve", ["creme", "brulee", "naive"]],
  ["Cre\u0300me", ["creme"]],
  ["Straße STRASSE", ["strasse", "strasse"]],
  ["ﬁle ｆｕｌｌ x²", ["file", "full", "x2"]],
  ["snake_case kebab-case C++", ["snake", "case", "kebab", "case", "c"]],
  ["学习中", ["学习", "习中", "中"]],
  ["iPhone手机2台", ["iphone", "手机", "机", "2", "台"]],
  ["タワー", ["タワ", "ワー", "ー"]],
  ["हिन्दी العربية", ["हिन्दी", "العربية"]],
  ["½ ⑴ ﷺ", ["12", "1", "صلىاللهعليهوسلم"]],
  ['\0 *" () 🎉 \ud800', []],
] as const) {
  test(`the words of ${JSON.stringify(text)}`, () => {
    assert.deepEqual(terms(text), expected);
  });
}

test("each word says where it stands", () => {
  const text = "Ein Café am 東京駅";
  const places = [...wordsOf(text)].map(({ start, end }) => text.slice(start, end));
  assert.deepEqual(places, ["Ein", "Café", "am", "東京駅"]);
});

test("a word of a million letters is a short term", () => {
  assert.deepEqual(
    terms("a".repeat(1_000_000)).map(({ length }) => length),
    [64],
  );
});
