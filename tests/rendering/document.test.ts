import assert from "node:assert/strict";
import { test } from "node:test";
import * as cheerio from "cheerio";
import { markdownEnd } from "../../src/rendering/document.js";
import { renderBlocks, renderMarkdown } from "../../src/rendering/markdown.js";

const LINE = "**a** & <b>\n\n";

test("Markdown ends with a line within the first 200,000 characters", () => {
  const text = LINE.repeat(20_000);

  assert.equal(markdownEnd("short"), 5);
  assert.equal(markdownEnd(text), Math.floor(200_000 / LINE.length) * LINE.length);
  assert.equal(markdownEnd(`${"a".repeat(199_999)}😀😀`), 199_999);
});

test("what is beyond that is plain, in blocks, and complete", () => {
  const text = LINE.repeat(20_000);
  const $ = cheerio.load(renderBlocks(text).slice(-3).join(""), null, false);

  assert.equal($("pre.plain").length, 3);
  assert.ok(text.endsWith($.text()));
});

test("a line without an end is cut between characters", () => {
  const text = "😀".repeat(150_001);

  assert.equal(cheerio.load(renderMarkdown(`a${text}`)).text(), `a${text}`);
});

test("a fence of 1 MB is shown in a few seconds", () => {
  const start = performance.now();
  const blocks = renderBlocks(`\`\`\`js\n${"let a = 1;\n".repeat(95_000)}\`\`\``);

  assert.ok(blocks.length > 50);
  assert.ok(performance.now() - start < 5000);
});
