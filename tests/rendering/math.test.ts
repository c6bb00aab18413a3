import assert from "node:assert/strict";
import { test } from "node:test";
import * as cheerio from "cheerio";
import { BlockStream } from "../../src/rendering/block-stream.js";
import { renderBlocks, renderMarkdown } from "../../src/rendering/markdown.js";

const X = "<math><mi>x</mi></math>";

for (const text of ["a $x$ b", "a \\(x\\) b"]) {
  test(`${text} has its formula in the line`, () => {
    assert.equal(renderMarkdown(text), `<p>a ${X} b</p>`);
  });
}

for (const text of [
  "$$\nx\n- y\n+ z\n$$",
  "\\[\nx\n- y\n+ z\n\\]",
  "$$x = y$$",
  "\\[ x \\].",
  "$$x +\ny$$",
]) {
  test(`${JSON.stringify(text)} is a formula by itself`, () => {
    const [block = "", ...more] = renderBlocks(text);
    assert.match(block, /^<div class="formula" [^>]*><math display="block">.*<\/math><\/div>$/);
    assert.deepEqual(more, []);
  });
}

test("a formula by itself ends the paragraph above it, and stands in lists and quotes", () => {
  const $ = cheerio.load(
    renderMarkdown("So:\n$$\nx\n$$\n\n- a\n  $$\n  x\n  $$\n\n> \\[\n> x\n> \\]"),
  );

  assert.equal($("p").first().text(), "So:");
  assert.equal($("div.formula").length, 3);
  assert.equal($("li div.formula, blockquote div.formula").length, 2);
});

for (const text of ["It costs $5 and $10, or US$3.", "echo $HOME/$USER", "a \\$x$ b", "`$x$`"]) {
  test(`${text} has no formula`, () => {
    assert.doesNotMatch(renderMarkdown(text), /<math|formula/);
  });
}

test("underscores, asterisks and brackets of a formula are its own", () => {
  assert.match(renderMarkdown("$a_1 * b_1 * [c](d)$"), /^<p><math>/);
});

test("a formula that cannot be shown is shown as it was written", () => {
  assert.equal(renderMarkdown("$\\foo$"), '<p><code class="formula">$\\foo$</code></p>');
  assert.equal(
    renderMarkdown("$$\n\\foo <b>\n$$"),
    '<pre class="formula">$$\n\\foo &lt;b&gt;\n$$</pre>',
  );
});

test("a blank line ends what was not closed, and the rest is read as ever", () => {
  assert.deepEqual(renderBlocks("$$\nx\n\n**y**"), [
    '<pre class="formula">$$\nx</pre>',
    "<p><strong>y</strong></p>",
  ]);
});

test("dollars in words at the beginning of a line open nothing", () => {
  assert.equal(renderMarkdown("$$ is money\n- a"), "<p>$$ is money</p><ul>\n<li>a</li>\n</ul>");
});

test("while it grows, a formula in the line is waited for, and one by itself shows as its source", () => {
  const stream = new BlockStream();
  const shown = ["so $x", " = 1$ and\n", "\n$$\ny", "\n$$"].map((text) => {
    stream.append(text);
    stream.update();
    return stream.blocks.map((block) => block.replace(/<math.*<\/math>/, "M"));
  });

  assert.deepEqual(shown, [
    ["<p>so</p>"],
    ["<p>so M and</p>"],
    ["<p>so M and</p>", '<pre class="formula">$$\ny</pre>'],
    [
      "<p>so M and</p>",
      '<div class="formula" tabindex="0" role="group" aria-label="Formula">M</div>',
    ],
  ]);
});

test("a price is shown while it is written", () => {
  const stream = new BlockStream();
  stream.append("It costs $5 and mo");
  stream.update();

  assert.deepEqual(stream.blocks, ["<p>It costs $5 and mo</p>"]);
});
