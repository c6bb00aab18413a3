import assert from "node:assert/strict";
import { test } from "node:test";
import * as cheerio from "cheerio";
import { highlight } from "../../src/rendering/code.js";
import { Colours } from "../../src/rendering/colours.js";

const LINE = "let a = f(1); // b\n";

function textOf(html: string): string {
  return cheerio.load(`<pre>${html}</pre>`, null, false).text();
}

test("short code has all of its colours", () => {
  const colours = new Colours();

  for (const language of ["js", ""]) {
    assert.equal(colours.whole(LINE, language), highlight(LINE, language));
  }
  assert.equal(colours.areComplete, true);
});

test("long code that has ended is plain, and its colours are missing", () => {
  const colours = new Colours();
  const code = LINE.repeat(100);

  assert.equal(colours.whole(code, "js"), code);
  assert.equal(colours.areComplete, false);
});

test("what is plain anyway misses nothing", () => {
  const colours = new Colours();
  for (const code of [LINE.repeat(100), LINE.repeat(10_000)]) {
    assert.equal(colours.whole(code, ""), code);
  }
  assert.equal(colours.whole(LINE.repeat(10_000), "js"), LINE.repeat(10_000));

  assert.equal(colours.areComplete, true);
});

test("code that grows line by line gets its colours as it grows", () => {
  const colours = new Colours();
  for (let lines = 1; lines <= 100; lines += 1) colours.growing(LINE.repeat(lines), "js");
  const html = colours.growing(LINE.repeat(100), "js");

  // How far they reach depends on how fast the machine is.
  assert.ok(html.startsWith(highlight(LINE, "js")));
  assert.equal(textOf(html), LINE.repeat(100));
});

test("growing code keeps its text at every length", () => {
  const code = 'function f() {\n  return "<a>"; // x\n}\n'.repeat(60);
  const colours = new Colours();

  for (let length = 0; length <= code.length; length += 7) {
    assert.equal(textOf(colours.growing(code.slice(0, length), "js")), code.slice(0, length));
  }
});

test("growing code is coloured a few times only, however often it is shown", () => {
  const colours = new Colours();
  const prefixes = new Set<string>();
  for (let lines = 1; lines <= 2000; lines += 1) {
    const html = colours.growing("let a;\n".repeat(lines), "js");
    prefixes.add(html.slice(0, html.lastIndexOf("</span>")));
  }

  assert.ok(prefixes.size < 70, `${prefixes.size} times`);
});

test("F-45 code on which its grammar is slow holds nobody up while it grows", () => {
  const colours = new Colours();
  const code = "a ".repeat(20_000);
  const before = process.cpuUsage();
  for (let length = 0; length <= code.length; length += 500) {
    colours.growing(`${code.slice(0, length)}\n`, "csharp");
  }
  colours.whole(code, "csharp");

  assert.ok(process.cpuUsage(before).user < 600_000);
});
