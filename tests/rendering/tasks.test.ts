import assert from "node:assert/strict";
import { test } from "node:test";
import * as cheerio from "cheerio";
import { renderMarkdown } from "../../src/rendering/markdown.js";

test("a task is a box with its words as its label, even where [x] is defined as a link", () => {
  const $ = cheerio.load(renderMarkdown("- [ ] a **b**\n- [x] c\n- d\n\n[x]: https://example.org"));

  assert.deepEqual(
    $("li.task label")
      .toArray()
      .map((label) => $(label).text().trim()),
    ["a b", "c"],
  );
  assert.deepEqual(
    $("input")
      .toArray()
      .map((box) => $(box).attr("checked")),
    [undefined, "checked"],
  );
  assert.equal($("input:not([disabled])").length, 0);
  assert.equal($("li").length, 3);
});

test("a box in a loose list, or in a numbered one, is one too", () => {
  assert.match(renderMarkdown("1. [X] a\n\n2. b"), /<li class="task">\n<p><label><input/);
});

for (const text of ["[x] a", "- a [x] b", "- [x]", "- [y] a", "> [ ] a"]) {
  test(`${text} is no task`, () => {
    assert.doesNotMatch(renderMarkdown(text), /<input/);
  });
}
