import assert from "node:assert/strict";
import { test } from "node:test";
import * as cheerio from "cheerio";
import { renderMarkdown } from "../../src/rendering/markdown.js";

const TABLE = "| a | b | c | d |\n|---|:--|:-:|--:|\n| 1 | 2 | 3 | 4 |";

test("a table scrolls in a box that the keyboard reaches", () => {
  const box = cheerio.load(renderMarkdown(TABLE), null, false).root().children();

  assert.ok(box.is('div.table-scroll[tabindex=0][role=region][aria-label="Table"]'));
  assert.equal(box.children("table").length, 1);
});

test("cells are aligned by class, not by style", () => {
  const $ = cheerio.load(renderMarkdown(TABLE));
  const classes = (cell: string) =>
    $(cell)
      .toArray()
      .map((node) => $(node).attr("class"));

  assert.deepEqual(classes("th"), [undefined, "align-left", "align-center", "align-right"]);
  assert.deepEqual(classes("td"), [undefined, "align-left", "align-center", "align-right"]);
  assert.equal($("[style]").length, 0);
});

test("head cells name their columns", () => {
  assert.equal(cheerio.load(renderMarkdown(TABLE))("th[scope=col]").length, 4);
});

test("cells hold inline markup", () => {
  const $ = cheerio.load(renderMarkdown("| **a** |\n|---|\n| `b` [c](https://example.org) |"));

  assert.equal($("th strong").text(), "a");
  assert.equal($("td code").text(), "b");
  assert.equal($("td a").length, 1);
});
