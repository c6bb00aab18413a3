import assert from "node:assert/strict";
import { test } from "node:test";
import { mathml } from "../../src/rendering/mathml.js";
import { assertSafeHtml } from "../support/safe-html.js";

const REPEATED = [
  "{",
  "}",
  "\\frac{",
  "\\left(",
  "\\sqrt{",
  "x^{",
  "&",
  "a\\\\",
  "\\iff",
  "'",
  "\\text{",
  "\\mathchoice{",
  "\\begin{matrix}",
  "\\ce{H",
  "\\def\\a{\\a\\a}\\a",
];

test("a formula becomes MathML", () => {
  assert.equal(mathml("\\frac{a}{b}", false), "<math><mfrac><mi>a</mi><mi>b</mi></mfrac></math>");
});

test("a formula that stands by itself says so", () => {
  assert.match(mathml("x", true) ?? "", /^<math display="block">/);
});

for (const source of [
  "\\begin{aligned}a &= b \\\\ &= c\\end{aligned}",
  "\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}",
  "\\begin{cases}1 & x>0\\\\0\\end{cases}",
  "\\begin{array}{|c|c|}\\hline a&b\\\\ \\hline\\end{array}",
  "\\boxed{x}\\cancel{y}\\color{red}{z}\\tag{1}",
  '\\text{a < b \\& "c"} \\vec v \\overbrace{x}^{n} \\xrightarrow[a]{b} \\rule{1em}{1em}',
  "\\ce{H2O}",
]) {
  test(`${source} is made of known elements, attributes and classes only`, () => {
    const html = mathml(source, true);
    assert.ok(html);
    assertSafeHtml(html);
  });
}

for (const source of [
  "\\foo{<img src=x onerror=alert(1)>}",
  "x^",
  "^^",
  "\\href{javascript:alert(1)}{x}",
  "\\url{https://evil.example}",
  "\\includegraphics{https://evil.example/x.png}",
  "\\htmlData{onclick=alert(1)}{x}",
  "\\class{x}{y}",
  "\\style{color:red}{x}",
  "\\label{a}\\ref{a}",
  "x".repeat(2001),
]) {
  test(`${source.slice(0, 40)} is no formula that can be shown`, () => {
    assert.equal(mathml(source, false), null);
  });
}

// Temml counts how often it expands, not what comes of it: these would be fifty million tokens.
test("a formula that defines something is none: it could grow without end", () => {
  const line = "\\def\\a#1{#1#1#1}\\def\\c{\\a{xxx}}\\c\\c";
  const others = [
    "\\gdef\\m{x}\\m",
    "\\newcommand\\m{x}\\m",
    "\\let\\m=x\\m",
    "\\global\\def\\m{x}\\m",
  ];
  for (const source of [line, ...others]) assert.equal(mathml(source, false), null, source);
  assert.ok(mathml("\\lettuce", false) === null && mathml("\\leftarrow", false));
});

test("what is repeated without end is bounded in size and depth", () => {
  for (const piece of REPEATED) {
    for (const count of [5, 50, Math.floor(2000 / piece.length)]) {
      const html = mathml(piece.repeat(count), true) ?? "";
      assert.ok(html.length < 500_000, piece);
      if (html) assertSafeHtml(html);
    }
  }
});
