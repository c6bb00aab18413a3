import assert from "node:assert/strict";
import { test } from "node:test";

process.env.NODE_ENV = "test";
const { direction, language, plural, rich, t } = await import("../../src/lib/texts.js");

test("without a catalogue the key is the text", () => {
  assert.equal(t("Log in"), "Log in");
  assert.equal(language, "en");
  assert.equal(direction, "ltr");
});

test("values are put in as they are", () => {
  assert.equal(t("Delete {name}?", { name: "<b>{day}</b> $&" }), "Delete <b>{day}</b> $&?");
  assert.equal(t("{a} of {b}, {a}", { a: 1, b: 2 }), "1 of 2, 1");
});

test("what stands in two pairs of braces is text", () => {
  assert.equal(
    t("Write {{name}} for {what}", { name: "no", what: "a gap" }),
    "Write {{name}} for a gap",
  );
});

for (const [count, text] of [
  [0, "0 answers"],
  [1, "1 answer"],
  [2, "2 answers"],
] as const) {
  test(`a text that counts ${count}`, () => {
    assert.equal(plural(count, "{count} answer", "{count} answers"), text);
  });
}

test("a number may be written otherwise than it is counted", () => {
  assert.equal(
    plural(1200, "{count} answer", "{count} answers", { count: "1,200" }),
    "1,200 answers",
  );
});

test("a rich text is escaped, but for its named tags", () => {
  const tags = { link: ['<a href="/{to}">', "</a>"], at: "<time></time>" } as const;
  const values = { to: '"><script>', who: "<b>" };

  assert.equal(
    rich("<link>{who}</link> & <i>co</i>, <at/>", tags, values),
    '<a href="/&quot;&gt;&lt;script&gt;">&lt;b&gt;</a> &amp; &lt;i&gt;co&lt;/i&gt;, <time></time>',
  );
});
