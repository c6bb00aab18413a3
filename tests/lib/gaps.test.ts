import assert from "node:assert/strict";
import { test } from "node:test";
import { fillGaps, gapsIn } from "../../src/lib/gaps.js";

const names = (text: string) => gapsIn(text).map(({ name, long }) => (long ? `${name}+` : name));

for (const [text, found] of [
  ["nothing", []],
  ["{{language}}", ["language"]],
  ["{{ language }} and {{text:long}}", ["language", "text+"]],
  ["{{a}} {{b}} {{a}}", ["a", "b"]],
  ["{{a}} {{a:long}} {{a}}", ["a+"]],
  ["{{Text to translate}}", ["Text to translate"]],
  ["{{Sprache}} {{語}} {{भाषा}}", ["Sprache", "語", "भाषा"]],
  ["{{{a}}}", ["a"]],
  ["{a} {{}} {{ }} {{a}", []],
  ["{{a.b}} {{#if x}} {{> part}} {{a|upper}} {{'x'}}", []],
  ["{{a\nb}}", []],
  [`{{${"a".repeat(40)}}}`, ["a".repeat(40)]],
  [`{{${"a".repeat(41)}}}`, []],
] as const) {
  test(`the gaps in ${JSON.stringify(text)}`, () => {
    assert.deepEqual(names(text), found);
  });
}

test("gaps are filled wherever they stand, and nothing else is changed", () => {
  const values: Record<string, string> = { a: "1", b: "2" };
  assert.equal(
    fillGaps("{{a}}{{b:long}} {{ a }} {{c}} {{x.y}} $1", (name) => values[name] ?? ""),
    "12 1  {{x.y}} $1",
  );
});

test("what is put into a gap is not looked at again", () => {
  for (const value of ["{{b}}", "{{a}}", "$&", "$1", "$$", "}}{{"]) {
    assert.equal(
      fillGaps("<{{a}}>", () => value),
      `<${value}>`,
    );
  }
});
