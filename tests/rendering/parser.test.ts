import assert from "node:assert/strict";
import { test } from "node:test";
import * as cheerio from "cheerio";
import { renderBlocks } from "../../src/rendering/markdown.js";
import { newContext, outline, renderParsed } from "../../src/rendering/parser.js";

test("what is nested too deep is shown whole, as it was written", () => {
  const text = `before\n\n${">".repeat(500)} a & b\n\nafter`;
  const blocks = renderBlocks(text);

  assert.equal(blocks.length, 3);
  assert.equal(
    cheerio
      .load(blocks[1] ?? "")("pre.plain")
      .text(),
    `${">".repeat(500)} a & b`,
  );
});

test("lists nested too deep lose nothing", () => {
  const lines = Array.from({ length: 100 }, (_, depth) => `${"  ".repeat(depth)}- item ${depth}`);
  const text = cheerio.load(renderBlocks(lines.join("\n")).join("")).text();

  for (let depth = 0; depth < 100; depth += 1) assert.match(text, new RegExp(`item ${depth}\\b`));
});

test("what the parser chokes on is shown as it was written", () => {
  const broken = {
    ...newContext(""),
    get references(): never {
      throw new Error("broken");
    },
  };

  assert.deepEqual(renderParsed("[a]: https://b.example\n<i>", broken), [
    '<pre class="plain" tabindex="0">[a]: https://b.example\n&lt;i&gt;</pre>',
  ]);
});

test("a block that cannot be rendered does not take the others with it", () => {
  const broken = {
    ...newContext(""),
    highlight: () => {
      throw new Error("broken");
    },
  };
  const blocks = renderParsed("a\n\n```\n<i>\n```\n\nb", broken);

  assert.deepEqual(blocks, [
    "<p>a</p>",
    '<pre class="plain" tabindex="0">```\n&lt;i&gt;\n```</pre>',
    "<p>b</p>",
  ]);
});

test("the outline tells the lines of each block and the innermost last one", () => {
  const { blocks, leaf } = outline("a\nb\n\n- c\n  ```\n  d\n");

  assert.deepEqual(
    blocks.map((block) => [block.type, block.firstLine, block.endLine]),
    [
      ["paragraph_open", 0, 2],
      ["bullet_list_open", 3, 6],
    ],
  );
  assert.equal(leaf?.type, "fence");
});
