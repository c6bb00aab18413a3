import assert from "node:assert/strict";
import { test } from "node:test";
import * as cheerio from "cheerio";
import { BlockStream } from "../../src/rendering/block-stream.js";
import { renderBlocks, renderMarkdown } from "../../src/rendering/markdown.js";

const TEXT = "One[^1] and two[^1] and[^b].\n\n[^1]: The **first**\ngoes on.\n[^b]: The other.";

test("a reference leads to its note, and the note back to the first reference", () => {
  const $ = cheerio.load(renderMarkdown(TEXT, "m4"));

  assert.deepEqual(
    $("sup a")
      .toArray()
      .map((a) => $(a).attr("href")),
    ["#m4-note-1", "#m4-note-1", "#m4-note-b"],
  );
  assert.equal($("#m4-note-1").text(), "1. The first\ngoes on. ↩");
  assert.equal($("#m4-note-1 a").attr("href"), "#m4-ref-1");
  assert.equal($("#m4-ref-1").length, 1);
});

test("no two messages have the same ids, and no two notes of a message", () => {
  const html = renderMarkdown(`${TEXT}\n[^1]: Again.`, "m4") + renderMarkdown(TEXT, "m4r");
  const $ = cheerio.load(html);
  const ids = $("[id]")
    .toArray()
    .map((node) => $(node).attr("id"));

  assert.equal(ids.length, 8);
  assert.equal(new Set(ids).size, ids.length);
});

test("without a scope nothing leads anywhere", () => {
  assert.doesNotMatch(renderMarkdown(TEXT), /<a |id=/);
});

test("a reference without a note is text", () => {
  assert.equal(renderMarkdown("see [^1] and [^a-z]", "m1"), "<p>see [^1] and [^a-z]</p>");
});

test("a note stands where the message has it, one block each", () => {
  assert.equal(renderBlocks("[^1]: a\n[^2]: b\n\nc[^1]", "m1").length, 3);
});

test("a note that comes after its reference is heeded at the end", () => {
  const stream = new BlockStream("m1");
  for (const text of ["One[^1].\n\n", "[^1]: A note.\n\n", "The end"]) {
    stream.append(text);
    stream.update();
  }
  assert.equal(stream.blocks[0], "<p>One[^1].</p>");
  stream.finish();
  assert.match(stream.blocks[0] ?? "", /<a href="#m1-note-1"/);
});

test("a label is no way into an attribute", () => {
  assert.doesNotMatch(renderMarkdown('[^"x]: a\n\n[^"x]', "m1"), /<sup|id=/);
});
