import assert from "node:assert/strict";
import { test } from "node:test";
import { marked, type Part, snippet } from "../../src/helpers/snippets.js";
import { wantedIn } from "../../src/models/search/terms.js";

const FILLER = "one word after the other ".repeat(40);

function wanted(text: string) {
  return wantedIn(text).wanted;
}

function hits(parts: Part[]): string[] {
  return parts.filter(({ isHit }) => isHit).map(({ text }) => text);
}

function whole(parts: Part[]): string {
  return parts.map(({ text }) => text).join("");
}

test("the place is shown where most of the words stand together", () => {
  const text = `A zebra. ${FILLER}Here a zebra meets a giraffe. ${FILLER}A giraffe.`;
  const parts = snippet(text, wanted("giraffe zebra"));

  assert.deepEqual(hits(parts), ["zebra", "giraffe"]);
  assert.match(whole(parts), /^… .*meets a.* …$/s);
  assert.ok(whole(parts).length < 260);
});

test("without a hit it is the beginning, without Markdown's marks", () => {
  const parts = snippet(
    "## Title\n\n- **Bold** `code`\n```js\nx\n```\n> quoted",
    wanted("elsewhere"),
  );
  assert.deepEqual(parts, [{ text: "Title\n\nBold code\n\nx\n\nquoted", isHit: false }]);
});

test("a beginning marks its word, and runs are marked where they are", () => {
  assert.deepEqual(hits(marked("Straßenbahnen und Straße", wanted("strassenb"))), [
    "Straßenbahnen",
  ]);
  assert.deepEqual(hits(marked("我想学习中文", wanted("学习"))), ["学习"]);
  assert.deepEqual(hits(marked("aa a", wanted("a a"))), ["aa", "a"]);
});

test("a text is given back whole, whatever is in it", () => {
  for (const text of ["", "x", "🎉 x 🎉", "x".repeat(200), "ẍ x\u0300 ｶﾞx"])
    assert.equal(whole(marked(text, wanted("x"))), text);
});

test("a long text without spaces is cut, and no character in two", () => {
  for (const text of ["🎉".repeat(5000), `-${"🎉".repeat(500)}x${"🎉".repeat(501)}`]) {
    const parts = whole(snippet(text, wanted("x")));
    assert.ok(parts.length < 300);
    // Half a character has no UTF-8.
    assert.doesNotMatch(Buffer.from(parts).toString(), /\ufffd/);
  }
});
