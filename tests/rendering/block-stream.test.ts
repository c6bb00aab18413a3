import assert from "node:assert/strict";
import { test } from "node:test";
import * as cheerio from "cheerio";
import fc from "fast-check";
import { BlockStream } from "../../src/rendering/block-stream.js";
import { renderBlocks } from "../../src/rendering/markdown.js";
import { applyPatch } from "../support/apply-patch.js";
import { assertSafeHtml } from "../support/safe-html.js";
import { XSS_CORPUS } from "../support/xss-corpus.js";
import { ANSWERS, TECHNICAL_ANSWER } from "./answers.js";

// biome-ignore format: one thing beside the other
const FRAGMENTS = [
  "a", "b c", "text ", "1", "2.", "1. ", "3) ", "- ", "* ", "+ ", "-", "*", "**", "_", "__", "~~", "`", "``", "```",
  "```js\n", "~~~", "#", "## ", "=", "===", "---", "> ", ">", "|", "| a | b |", "|---|", "|a|\n|-|\n", "[", "]", "](",
  "(", ")", "[x]", "[x]: ", "[y]: https://y.org", "[x]: https://x.org\n", '"t"', "'", "https://a.org/b", "<",
  "<https://a.org>", "<b>", "&", "&amp;", "&lt", "\\", "!", "![a](https://i.org)", "[l](https://l.org)", "😀", "é", "字",
  "\r\n", "\r", "\0", "\t", "    ", "  ", " ", "\n", "\n", "\n", "\n\n", "\n\n", "  \n", "- [x] t", "let a = '<b>';\n",
  "$", "$$", "$$\n", "\\(", "\\)", "\\[", "\\]", "\\[\n", "x^2", "$y$", "$$\na - b\n- c\n$$\n", "\\frac", "=", "[^1]", "[^1]: ",
  "[^n]: note\n", "[^n]", "> [!NOTE]\n", "> [!tip]\n> ", "[!WARNING]", "- [ ] ", "[x] ", "]: ",
];

const markdown = fc
  .array(fc.constantFrom(...FRAGMENTS), { maxLength: 40 })
  .map((parts) => parts.join(""));
const sizes = fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 20 });

/** The text as it arrives in pieces of these sizes: all of it so far, each time. */
function* growing(text: string, pieces: readonly number[]) {
  for (let end = 0, turn = 0; end < text.length; turn += 1) {
    end = Math.min(text.length, end + (pieces[turn % pieces.length] ?? 1));
    yield text.slice(0, end);
  }
}

const read = new WeakMap<BlockStream, number>();

/** Appends what of the text is new. */
function append(stream: BlockStream, text: string) {
  stream.append(text.slice(read.get(stream) ?? 0));
  read.set(stream, text.length);
}

function update(stream: BlockStream, text: string) {
  append(stream, text);
  return stream.update();
}

function finish(stream: BlockStream, text: string) {
  append(stream, text);
  return stream.finish();
}

function visibleText(blocks: readonly string[]): string {
  const $ = cheerio.load(blocks.join("\n"), null, false);
  $(".code__bar, .code__fold").remove();
  return $.text().replace(/\s+/g, " ").trim();
}

/** How many more brackets than links; an image that becomes a link keeps its brackets. */
function unlinked(block: string): number {
  return block.split("[").length - block.split("<a ").length;
}

// Code that is still being written is coloured now and then.
function uncoloured(block: string): string {
  return block.replace(/<\/?span[^>]*>/g, "");
}

function finished(text: string): BlockStream {
  const stream = new BlockStream();
  for (const part of growing(text, [7])) update(stream, part);
  finish(stream, text);
  return stream;
}

test("a client that applies the patches holds the stream's blocks, at last those of the whole text", () => {
  fc.assert(
    fc.property(markdown, sizes, (text, pieces) => {
      const stream = new BlockStream("m1");
      let client: string[] = [];
      for (const part of growing(text, pieces)) {
        client = applyPatch(client, update(stream, part));
        assert.deepEqual(client, stream.blocks);
      }
      client = applyPatch(client, finish(stream, text));
      assert.deepEqual(client, stream.blocks);
      assert.deepEqual(client, renderBlocks(text, "m1"));
    }),
    { numRuns: 400 },
  );
});

test("however the text arrives, the same is shown of it", () => {
  const words = fc.constantFrom(
    "a",
    "bc ",
    "de f, ",
    "(g) ",
    "h. I ",
    " 3",
    "k-l",
    "\n",
    "`",
    "**",
    "[",
  );
  // What a definition does to the text before it depends on what is read with it; `finish` knows all of them.
  const fragments = FRAGMENTS.filter((fragment) => !fragment.includes("]:"));
  const pieces = fc.array(fc.oneof(fc.constantFrom(...fragments), words), { maxLength: 40 });

  fc.assert(
    fc.property(pieces, (parts) => {
      const stream = new BlockStream();
      for (const part of parts) {
        stream.append(part);
        stream.update();
      }
      const atOnce = new BlockStream();
      update(atOnce, parts.join(""));
      assert.deepEqual(stream.blocks.map(uncoloured), atOnce.blocks.map(uncoloured));
    }),
    {
      numRuns: 2000,
      examples: [
        // A fence whose list has ended is open, but what follows is no code.
        [["3) ", "```js\n", "a", "["]],
        // A fence that has only blank lines yet is not closed by its first.
        [["~~~", "\n\n", "a", "3) "]],
      ],
    },
  );
});

test("an answer that nobody reads is rendered all the same by its end", () => {
  fc.assert(
    fc.property(markdown, sizes, (text, pieces) => {
      const stream = new BlockStream();
      for (const part of growing(text, pieces)) {
        append(stream, part);
        stream.settle();
      }
      finish(stream, text);
      assert.deepEqual(stream.blocks, renderBlocks(text));
    }),
    { numRuns: 400 },
  );
});

test("closed blocks never change, but that brackets become links at the end", () => {
  fc.assert(
    fc.property(markdown, sizes, (text, pieces) => {
      const stream = new BlockStream("m1");
      let closed: readonly string[] = [];
      for (const part of growing(text, pieces)) {
        update(stream, part);
        assert.deepEqual(stream.blocks.slice(0, closed.length), closed);
        closed = [...stream.closed];
      }
      finish(stream, text);
      for (const [index, block] of closed.entries()) {
        const last = stream.blocks[index] ?? "";
        if (last !== block) assert.ok(unlinked(last) < unlinked(block), `${block} -> ${last}`);
      }
    }),
    { numRuns: 400 },
  );
});

test("what was shown of an ordinary answer is never rewritten, letter by letter", () => {
  for (const answer of ANSWERS) {
    const stream = new BlockStream();
    let shown = "";
    for (const part of growing(answer, [1])) {
      update(stream, part);
      const now = visibleText(stream.blocks);
      assert.ok(
        now.startsWith(shown),
        `after ${JSON.stringify(part.slice(-30))}: ${now.slice(-60)}`,
      );
      shown = now;
    }
  }
});

test("nor is it rewritten at the end", () => {
  for (const answer of ANSWERS) {
    const stream = new BlockStream();
    update(stream, answer);
    const shown = visibleText(stream.blocks);
    finish(stream, answer);

    assert.ok(visibleText(stream.blocks).startsWith(shown));
  }
});

test("no more than a line is held back", () => {
  const longestLine = Math.max(...TECHNICAL_ANSWER.split("\n").map((line) => line.length));
  const stream = new BlockStream();
  for (const part of growing(TECHNICAL_ANSWER, [1])) {
    update(stream, part);
    const whole = visibleText(renderBlocks(part));
    assert.ok(whole.length - visibleText(stream.blocks).length <= 2 * longestLine, part.slice(-50));
  }
});

const SHOWN_UNFINISHED = [
  ["**bold", "<p><strong>bold</strong></p>"],
  ["**bold*", "<p><strong>bold</strong></p>"],
  ["***both", "<p><em><strong>both</strong></em></p>"],
  ["**a *b", "<p><strong>a <em>b</em></strong></p>"],
  ["*a **b** c", "<p><em>a <strong>b</strong> c</em></p>"],
  ["~~gone", "<p><s>gone</s></p>"],
  ["a `code", "<p>a <code>code</code></p>"],
  ["**a `code", "<p><strong>a <code>code</code></strong></p>"],
  ["a [link](https://exa", "<p>a</p>"],
  ["**a [link](https://exa", "<p><strong>a</strong></p>"],
  ["see https://example.o", "<p>see https://example.o</p>"],
  ["# Title **b", "<h3>Title <strong>b</strong></h3>"],
  ["> - **b", "<blockquote>\n<ul>\n<li><strong>b</strong></li>\n</ul>\n</blockquote>"],
  ["so 2 * 3 * 4", "<p>so 2 * 3 * 4</p>"],
  ["a **b\n\n", "<p>a **b</p>"],
  ["# a **b\n", "<h3>a **b</h3>"],
] as const;

for (const [text, html] of SHOWN_UNFINISHED) {
  test(`${JSON.stringify(text)} is shown as if it were closed`, () => {
    const stream = new BlockStream();
    update(stream, text);

    assert.equal(stream.blocks.join(""), html);
  });
}

test("nothing is sent while nothing new can be shown", () => {
  const stream = new BlockStream();

  assert.equal(update(stream, ""), null);
  assert.equal(update(stream, "["), null);
  assert.notEqual(update(stream, "[a] b"), null);
  assert.equal(update(stream, "[a] b"), null);
});

test("a patch holds only what is new", () => {
  const stream = new BlockStream();
  update(stream, "one\n\ntwo");

  assert.deepEqual(update(stream, "one\n\ntwo three"), {
    length: 2,
    splices: [[1, 6, 4, " three"]],
    insertion: [4, " three"],
  });
});

test("an open fence shows its code, and its lines in colour", () => {
  const stream = new BlockStream();
  update(stream, "```js\nlet a;\nlet b");
  const $ = cheerio.load(stream.blocks.join(""));

  assert.equal($("figure code").text(), "let a;\nlet b");
  assert.equal($(".hljs-keyword").length, 1);
});

test("a definition that comes late is heeded at the end, and closed blocks do not wait for it", () => {
  const text = "one\n\nsee [x]\n\nthree\n\n[x]: https://example.org\n\nlast\n\n";
  const stream = new BlockStream();
  for (const part of growing(text, [5])) update(stream, part);
  assert.equal(stream.closed.length, 4);
  assert.equal(visibleText(stream.blocks), "one see [x] three last");

  assert.deepEqual(
    finish(stream, text)?.splices.map(([index]) => index),
    [1],
  );
  assert.equal(visibleText(stream.blocks), "one see x (example.org) three last");
});

test("a definition that came before is heeded at once", () => {
  const stream = new BlockStream();
  update(stream, "[x]: https://example.org\n\nsee [x] and");

  assert.equal(visibleText(stream.blocks), "see x (example.org) and");
});

test("half a character, or of a line break, waits for its other half", () => {
  const stream = new BlockStream();
  update(stream, "a\ud83d");
  assert.deepEqual(stream.blocks, ["<p>a</p>"]);
  update(stream, "a😀\r");
  assert.deepEqual(stream.blocks, ["<p>a😀</p>"]);
  update(stream, "a😀\r\nb");
  assert.deepEqual(stream.blocks, ["<p>a😀<br>\nb</p>"]);
});

test("beyond 200,000 characters a stream goes on in plain blocks", () => {
  const text = "**a** b\n\n".repeat(30_000);
  const stream = new BlockStream();
  let client: string[] = [];
  for (const part of growing(text, [1_900])) client = applyPatch(client, update(stream, part));

  assert.deepEqual(client, stream.blocks);
  assert.ok(stream.closed.length > 22_000);
  assert.equal(finish(stream, text), null);
});

const LONG_BLOCKS = {
  list: "- one **two**\n  - three\n",
  quote: "> a *b*\n> \n> - c\n",
  table: "| a | **b** |\n",
  paragraph: "Some *words* without an end. ",
  code: "let a = f(1);\n",
};

for (const [kind, piece] of Object.entries(LONG_BLOCKS)) {
  test(`a ${kind} without an end shows all of its text, and costs little with each word`, () => {
    const start = { table: "| a | b |\n|---|---|\n", code: "```js\n" }[kind] ?? "";
    const text = start + piece.repeat(Math.ceil(40_000 / piece.length));
    const stream = new BlockStream();
    let client: string[] = [];
    for (const part of growing(text, [1_500])) client = applyPatch(client, update(stream, part));
    client = applyPatch(client, finish(stream, text));

    assert.deepEqual(client, stream.blocks);
    assert.equal(words(client), words(renderBlocks(text)));
    assert.equal(stream.isExact, false);
    const closed = [...stream.closed];
    stream.end(renderBlocks(text));
    assert.deepEqual(stream.closed, closed);
    assert.deepEqual(stream.blocks, renderBlocks(text));
  });
}

/** Of a table that was cut, the rows behind the cut are lines. */
function words(blocks: readonly string[]): string {
  return visibleText(blocks).replace(/[|*\s]/g, "");
}

test("more than can be read at once is read in steps, and is not exact where it is the end", () => {
  const text = "**a** b\n\n".repeat(1_000);
  const [stream, hurried] = [new BlockStream(), new BlockStream()];
  for (const one of [stream, hurried]) one.append(text);
  hurried.finish();
  assert.deepEqual([hurried.isBehind, hurried.isExact], [true, false]);

  while (stream.isBehind) stream.update();
  stream.finish();
  assert.equal(stream.isExact, true);
  assert.deepEqual(stream.blocks, renderBlocks(text));
});

test("who can only append has all of the text at the end, however much came at once", () => {
  const text = "word word\n\n".repeat(10_000);
  const stream = new BlockStream();
  stream.append(text);
  stream.finish();
  const before = [...stream.closed];
  stream.end(renderBlocks(text));

  assert.deepEqual(stream.closed.slice(0, before.length), before);
  assert.equal(visibleText(stream.closed), text.replace(/\s+/g, " ").trim());
});

test("the end may come from elsewhere", () => {
  const stream = new BlockStream();
  update(stream, "one\n\ntwo");
  const client = applyPatch(["<p>one</p>", "<p>two</p>"], stream.end(["<p>one</p>", "<p>2</p>"]));

  assert.deepEqual(client, ["<p>one</p>", "<p>2</p>"]);
  assert.deepEqual(stream.blocks, client);
  assert.equal(stream.update(), null);
});

test("no payload is anything but safe, at any point while it arrives", () => {
  for (const payload of XSS_CORPUS) {
    const stream = new BlockStream();
    for (const part of growing(payload, [1])) {
      if (update(stream, part)) assertSafeHtml(stream.blocks.join(""));
    }
    finish(stream, payload);
    assertSafeHtml(stream.blocks.join(""));
  }
});

test("no payload is unsafe in the middle of other Markdown", () => {
  fc.assert(
    fc.property(
      markdown,
      fc.constantFrom(...XSS_CORPUS),
      markdown,
      sizes,
      (before, payload, after, pieces) => {
        const stream = new BlockStream();
        for (const part of growing(before + payload + after, pieces)) update(stream, part);
        assertSafeHtml(stream.blocks.join(""));
        assertSafeHtml(finished(before + payload + after).blocks.join(""));
      },
    ),
    { numRuns: 100 },
  );
});

test("a long fence costs time in proportion while it grows", () => {
  const short = streamingTime(`\`\`\`js\n${"let a = f(1); // b\n".repeat(500)}`);
  const long = streamingTime(`\`\`\`js\n${"let a = f(1); // b\n".repeat(1000)}`);

  assert.ok(long < Math.max(2000, short * 6), `${short} ms, ${long} ms for twice as much`);
});

function streamingTime(text: string): number {
  const start = performance.now();
  const stream = new BlockStream();
  for (const part of growing(text, [40])) update(stream, part);
  return performance.now() - start;
}
