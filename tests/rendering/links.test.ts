import assert from "node:assert/strict";
import { test } from "node:test";
import * as cheerio from "cheerio";
import { renderMarkdown } from "../../src/rendering/markdown.js";

function page(markdown: string) {
  return cheerio.load(renderMarkdown(markdown), null, false);
}

test("a link opens elsewhere and gives nothing away", () => {
  const link = page("[docs](https://example.org/a)")("a");

  assert.equal(link.attr("href"), "https://example.org/a");
  assert.equal(link.attr("rel"), "noopener noreferrer nofollow");
  assert.equal(link.attr("target"), "_blank");
});

const SHOWN_PLACES = [
  ["[docs](https://example.org/a)", "(example.org)"],
  ["[docs](https://example.org:8443/a)", "(example.org:8443)"],
  ["[https://bank.example](https://evil.example)", "(evil.example)"],
  ["[bank.example](https://bank.example.evil.example)", "(bank.example.evil.example)"],
  ["[evil.example.bank.example](https://evil.example)", "(evil.example)"],
  ["[https://bank.example](https://bank.example@evil.example)", "(evil.example)"],
  ["[https://evil.example@bank.example](https://evil.example)", "(evil.example)"],
  ["<https://bank.example@evil.example/>", "(evil.example)"],
  ["https://аррӏе.com", "(xn--80ak6aa92e.com)"],
  ["[x](https://EXAMPLE.org)", "(example.org)"],
  ["[x](https://2130706433/)", "(127.0.0.1)"],
  ["[write](mailto:eve@evil.example)", "(eve@evil.example)"],
  ["[\u202Egro.elpmaxe](https://evil.example)", "(evil.example)"],
  ["![a *cat*](https://img.example/cat.png)", "(img.example)"],
] as const;

for (const [markdown, place] of SHOWN_PLACES) {
  test(`${markdown} says that it leads to ${place}`, () => {
    const host = page(markdown)("a .link__host");

    assert.equal(host.text(), place);
    assert.equal(host.attr("dir"), "ltr");
  });
}

const PLAIN_PLACES = [
  "https://example.org/a?b#c",
  "<https://example.org>",
  "[example.org](https://example.org/long/path)",
  "[example.org/docs](https://www.example.org/docs)",
  "[https://example.org](https://example.org)",
  "<eve@example.org>",
];

for (const markdown of PLAIN_PLACES) {
  test(`${markdown} shows its place already`, () => {
    const $ = page(markdown);

    assert.equal($("a").length, 1);
    assert.equal($(".link__host").length, 0);
  });
}

const REFUSED = [
  "[x](javascript:alert(1))",
  "[x](data:image/png;base64,AAAA)",
  "[x](/logout)",
  "[x](#top)",
  "[x](//example.org)",
  "[x](ftp://example.org)",
  "[x](http://)",
  "[x](mailto:)",
  "![x](/pixel.gif)",
];

for (const markdown of REFUSED) {
  test(`${markdown} stays as it was written`, () => {
    const $ = page(markdown);

    assert.equal($("a").length, 0);
    assert.equal($.text(), markdown);
  });
}

test("a link to nowhere is its text", () => {
  assert.equal(renderMarkdown("[x]()"), "<p>x</p>");
});

test("an image is a link, never an image", () => {
  const $ = page("![a *cat*](https://img.example/cat.png)");

  assert.equal($("img").length, 0);
  assert.equal($("a").text(), "[image: a cat] (img.example)");
});

test("an image in a link is a part of its text", () => {
  const $ = page("[![logo](https://img.example/a.png)](https://example.org)");

  assert.equal($("a").length, 1);
  assert.equal($("a").text(), "[image: logo] (example.org)");
});

test("a link in a link is a part of its text", () => {
  const $ = page("[<https://a.example>](https://b.example)");

  assert.equal($("a").length, 1);
  assert.equal($("a").text(), "https://a.example (b.example)");
});

test("titles are left out, since a tooltip could name another place", () => {
  assert.equal(page('[x](https://example.org "https://bank.example")')("[title]").length, 0);
});

test("links by reference are followed, wherever they are defined", () => {
  const $ = page(
    "[a][1], [b][], [c], ![d]\n\n[1]: https://1.example\n[b]: https://b.example\n[c]: https://c.example\n[d]: https://d.example",
  );

  assert.deepEqual(
    $("a")
      .toArray()
      .map((a) => $(a).attr("href")),
    ["https://1.example/", "https://b.example/", "https://c.example/", "https://d.example/"],
  );
});

test("only what has a scheme is found in text", () => {
  assert.equal(
    page("example.org www.example.org git@example.org //example.org README.md")("a").length,
    0,
  );
  assert.equal(
    page("http://localhost:3000 https://example.org mailto:a@example.org")("a").length,
    3,
  );
});

test("an address ends where Chinese text or punctuation begins", () => {
  const link = page("见https://example.org/a。更多https://example.com是")("a");

  assert.deepEqual(
    link.toArray().map((a) => a.attribs.href),
    ["https://example.org/a", "https://example.com/"],
  );
});
