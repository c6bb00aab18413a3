import assert from "node:assert/strict";
import { test } from "node:test";
import * as cheerio from "cheerio";
import { highlight } from "../../src/rendering/code.js";
import { renderMarkdown } from "../../src/rendering/markdown.js";

function fenced(info: string, code: string) {
  return cheerio.load(renderMarkdown(`\`\`\`${info}\n${code}\n\`\`\``), null, false);
}

test("fenced code is a figure with its language, what can be done with it, and a block that can be scrolled", () => {
  assert.equal(
    renderMarkdown("```foo\na < b\n```"),
    '<figure class="code"><figcaption class="code__bar"><span class="code__language">foo</span>' +
      '<label class="code__button code__wrap"><input type="checkbox">Wrap</label>' +
      '<code-download name="code.txt"><button type="button" class="code__button" hidden>Download</button></code-download>' +
      '<copy-button><button type="button" class="code__button" hidden>Copy</button></copy-button></figcaption>' +
      '<pre tabindex="0"><code class="hljs">a &lt; b\n</code></pre></figure>',
  );
});

test("a known language is highlighted", () => {
  const $ = fenced("js", "const a = 1;");

  assert.equal($("code").attr("class"), "hljs language-js");
  assert.equal($(".hljs-keyword").text(), "const");
  assert.equal($("code").text(), "const a = 1;\n");
});

for (const alias of ["ts", "py", "sh", "c++", "html", "JSON", "python title=x"]) {
  test(`the language may be called ${alias}`, () => {
    assert.match(fenced(alias, "x").html() ?? "", /class="hljs language-/);
  });
}

test("code of more than eighty lines is folded, wherever it came from and while it is written", () => {
  assert.equal(fenced("js", "a\n".repeat(79))(".code--long, .code__fold").length, 0);
  assert.equal(fenced("js", "a\n".repeat(81))(".code--long > .code__fold").length, 1);
  assert.match(renderMarkdown("    a\n".repeat(81)), /code--long/);
  assert.match(renderMarkdown(`\`\`\`js\n${"a\n".repeat(82)}`), /code--long/);
});

for (const info of ["nonsense", "constructor", "__proto__", "{.r}", ""]) {
  test(`a language called "${info}" is plain`, () => {
    assert.equal(fenced(info, "<b>")("code").attr("class"), "hljs");
  });
}

test("a long name of a language is cut between characters", () => {
  assert.equal(fenced("😀".repeat(100), "x")(".code__language").text(), "😀".repeat(40));
});

test("code without a language is called text", () => {
  assert.equal(cheerio.load(renderMarkdown("    x"))(".code__language").text(), "text");
});

test("highlighting never changes the code", () => {
  const code = '<a href="x">&amp; \u0001</a>\n'.repeat(30);

  for (const language of ["xml", "js", "css", "php", "markdown", "bash"]) {
    assert.equal(cheerio.load(highlight(code, language)).text(), code);
  }
});

test("code of more than 50 kB is plain", () => {
  assert.equal(highlight("let a;\n".repeat(8000), "js"), "let a;\n".repeat(8000));
});

test("a diagram is code with a place to draw it from; nothing else has one", () => {
  const $ = fenced("Mermaid", "graph TD; A-->B");
  assert.equal($("figure.code > .code__bar > mermaid-diagram > button[hidden]").length, 1);
  assert.equal($("pre code").text(), "graph TD; A-->B\n");
  assert.equal(fenced("js", "let a;")("mermaid-diagram").length, 0);
});
