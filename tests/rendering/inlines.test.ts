import assert from "node:assert/strict";
import { test } from "node:test";
import * as cheerio from "cheerio";
import { renderMarkdown } from "../../src/rendering/markdown.js";

const BOMBS = [
  "[",
  "![",
  "*",
  "_",
  "`",
  ">",
  "<",
  "|",
  "(",
  "\\",
  "&",
  "~~",
  "*a **b ",
  "**a*b",
  "[a](",
  "![a](b",
  "[a][b]",
  "<http://a",
  "https://a/((((",
  "http://a.",
  "http://a:",
  "https://a.b ",
  "mailto:a@",
  "- ",
  "> ",
  "1) a\n  ",
  "x\n=\n",
  "|a|b|\n",
  "[a]: https://b\n\n[a] ",
  "😀",
  "$",
  "$a ",
  "$$",
  "$x$ ",
  "\\(",
  "\\[",
  "\\(\n",
  "a\n$$=\n",
  "$$\nx\n$$\n",
  "[^1]",
  "[^1]: a\n",
  "[^1]: a\n\n[^1] ",
  "> [!NOTE]\n\n",
  "> [!NOTE]\n> ",
  "- [ ] ",
  "- [x] a\n",
];

const TRIES = 3;

for (const bomb of BOMBS) {
  test(`${JSON.stringify(bomb)}, written on and on, takes time in proportion`, () => {
    const tries: string[] = [];
    while (tries.length < TRIES) {
      const [short, long] = [cpuMsOf(bomb, 50_000), cpuMsOf(bomb, 100_000)];
      if (long < Math.max(400, short * 8)) return;
      tries.push(`${short} ms, ${long} ms for twice as much`);
    }
    assert.fail(tries.join("; "));
  });
}

// Of this process alone: others may have the processor meanwhile.
function cpuMsOf(bomb: string, length: number): number {
  const text = bomb.repeat(length / bomb.length);
  const before = process.cpuUsage();
  renderMarkdown(text);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

test("a paragraph of more than 16,000 characters is plain text, even its addresses", () => {
  const text = `**a** https://example.org ${"b ".repeat(8000)}`;

  assert.equal(renderMarkdown(text), `<p>${text.trim()}</p>`);
});

test("emphasis nests 20 deep, and beyond that shows its marks", () => {
  const html = renderMarkdown(`${"*a **b ".repeat(50)}${"b** a* ".repeat(50)}`);
  const $ = cheerio.load(html, null, false);

  assert.equal($(`${"em strong ".repeat(10)}`).length, 1);
  assert.equal($(`${"em strong ".repeat(11)}`).length, 0);
  assert.equal(($.text().match(/\*/g) ?? []).length, 40 * 6);
});

test("a link in emphasis that is too deep is still a link", () => {
  const html = renderMarkdown(`${"*a **b ".repeat(15)}https://example.org${" b** a*".repeat(15)}`);

  assert.equal(cheerio.load(html)("a").text(), "https://example.org");
  assert.doesNotMatch(html, /linkify/);
});
