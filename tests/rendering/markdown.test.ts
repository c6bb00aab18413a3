import assert from "node:assert/strict";
import { test } from "node:test";
import * as cheerio from "cheerio";
import { RENDERER_VERSION, renderBlocks, renderMarkdown } from "../../src/rendering/markdown.js";
import { assertSafeHtml } from "../support/safe-html.js";
import { XSS_CORPUS } from "../support/xss-corpus.js";
import { ANSWERS } from "./answers.js";

test("the version is a whole number", () => {
  assert.ok(Number.isInteger(RENDERER_VERSION));
});

for (const [written, levels] of [
  ["# A\n\n## B\n\n### C", "h3 h4 h5"],
  ["### A\n\n#### B\n\n## C", "h3 h4 h3"],
  ["## A\n\n##### B\n\n##### C\n\n## D", "h3 h4 h4 h3"],
  ["# A\n\n## B\n\n### C\n\n#### D\n\n##### E", "h3 h4 h5 h6 h6"],
] as const) {
  test(`headings ${written.match(/#+/g)?.join(" ")} become ${levels}: below the page's own, without gaps`, () => {
    assert.equal(
      renderMarkdown(written)
        .match(/(?<=<)h\d/g)
        ?.join(" "),
      levels,
    );
  });
}

test("an empty cell of a table's head heads nothing", () => {
  const html = renderMarkdown("| | A |\n| - | - |\n| b | 1 |");
  assert.match(html, /<thead>\s*<tr>\s*<td><\/td>\s*<th scope="col">A<\/th>/);
});

test("line breaks stay where the model put them", () => {
  assert.equal(renderMarkdown("roses\nviolets"), "<p>roses<br>\nviolets</p>");
  assert.equal(renderMarkdown("roses\r\nviolets"), "<p>roses<br>\nviolets</p>");
});

test("emphasis, code and strikethrough are marked up", () => {
  const html = renderMarkdown("**a** *b* ~~c~~ `d`");

  assert.equal(html, "<p><strong>a</strong> <em>b</em> <s>c</s> <code>d</code></p>");
});

test("lists nest and begin where they say", () => {
  const $ = cheerio.load(renderMarkdown("7. a\n   - b\n8. c"));

  assert.equal($("ol").attr("start"), "7");
  assert.equal($("ol > li").length, 2);
  assert.equal($("ol ul li").text(), "b");
});

test("raw HTML shows as text", () => {
  assert.equal(renderMarkdown("<b>x</b>"), "<p>&lt;b&gt;x&lt;/b&gt;</p>");
  assert.equal(cheerio.load(renderMarkdown("<think>hm</think>")).text(), "<think>hm</think>");
});

test("every top-level block is one root element", () => {
  for (const text of [...ANSWERS, ...XSS_CORPUS]) {
    for (const block of renderBlocks(text)) {
      assert.equal(cheerio.load(block, null, false).root().children().length, 1, block);
      assert.match(block, /^<[\s\S]*>$/);
    }
  }
});

test("the document is its blocks", () => {
  for (const text of ANSWERS) assert.equal(renderMarkdown(text), renderBlocks(text).join(""));
});

test("nothing, or only definitions, is no block", () => {
  assert.deepEqual(renderBlocks(""), []);
  assert.deepEqual(renderBlocks(" \n\n"), []);
  assert.deepEqual(renderBlocks("[a]: https://example.org"), []);
});

test("NUL and half a character become the replacement character", () => {
  assert.equal(renderMarkdown("a\0b\ud83d"), "<p>a\uFFFDb\uFFFD</p>");
});

test("ordinary answers hold nothing that is not allowed", () => {
  for (const text of ANSWERS) assertSafeHtml(renderMarkdown(text));
});

test("the corpus has at least 150 payloads", () => {
  assert.ok(XSS_CORPUS.length >= 150);
});

test("no payload becomes anything but allowed elements, attributes and schemes", () => {
  for (const payload of XSS_CORPUS) assertSafeHtml(renderMarkdown(payload));
});

test("no payload gets out of a list, a quote, a table or a heading", () => {
  for (const payload of XSS_CORPUS) {
    const line = payload.replace(/\n/g, " ");
    assertSafeHtml(
      renderMarkdown(`- ${line}\n\n> ${line}\n\n# ${line}\n\n| a |\n|---|\n| ${line} |`),
    );
  }
});

test("what looks like our own markup shows as it was written", () => {
  const text = '<article id="message-41" data-part="answer">x</article>';

  assert.equal(cheerio.load(renderMarkdown(text)).text(), text);
});
