import assert from "node:assert/strict";
import { test } from "node:test";
import * as cheerio from "cheerio";
import { growingHighlight, highlight, rememberedHighlight } from "../../src/rendering/code.js";
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

test("F-45 code on which a grammar takes too long is plain", () => {
  const code = "a ".repeat(20_000);
  const before = process.cpuUsage();

  assert.equal(highlight(code, "csharp"), code);
  // Nobody's answer grows meanwhile.
  assert.ok(process.cpuUsage(before).user < 600_000);
});

test("F-45 a grammar that was stopped still works", () => {
  highlight("a".repeat(20_000), "java");

  assert.match(highlight("class A {}", "java"), /hljs-keyword/);
});

test("the same code is highlighted once", () => {
  const highlighted = rememberedHighlight();

  assert.equal(highlighted("let a;", "js"), highlight("let a;", "js"));
  assert.equal(highlighted("let a;", "js"), highlight("let a;", "js"));
  assert.equal(highlighted("let a;", ""), "let a;");
});

test("growing code keeps its text at every length", () => {
  const code = 'function f() {\n  return "<a>"; // x\n}\n'.repeat(5);
  const growing = growingHighlight();

  for (let length = 0; length <= code.length; length += 1) {
    const html = growing(code.slice(0, length), "js");
    assert.equal(cheerio.load(`<pre>${html}</pre>`, null, false).text(), code.slice(0, length));
  }
});

test("growing code is highlighted a few times only, however often it is shown", () => {
  // Where the processor is busy with others, colouring is cut, and all is shown plain.
  const times = [timesHighlighted()];
  while (times.length < 3 && (times.at(-1) ?? 0) >= 70) times.push(timesHighlighted());
  assert.ok((times.at(-1) ?? 0) < 70, `${times} times`);
});

test("a diagram is code with a place to draw it from; nothing else has one", () => {
  const $ = fenced("Mermaid", "graph TD; A-->B");
  assert.equal($("figure.code > .code__bar > mermaid-diagram > button[hidden]").length, 1);
  assert.equal($("pre code").text(), "graph TD; A-->B\n");
  assert.equal(fenced("js", "let a;")("mermaid-diagram").length, 0);
});

function timesHighlighted(): number {
  const growing = growingHighlight();
  const prefixes = new Set<string>();
  for (let lines = 1; lines <= 2000; lines += 1) {
    const html = growing("let a;\n".repeat(lines), "js");
    prefixes.add(html.slice(0, html.lastIndexOf("</span>")));
  }
  return prefixes.size;
}
