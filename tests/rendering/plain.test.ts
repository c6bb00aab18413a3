import assert from "node:assert/strict";
import { test } from "node:test";
import { plainChunkEnd, renderPlain, tidy } from "../../src/rendering/plain.js";

test("plain text is one block that can be scrolled", () => {
  assert.equal(renderPlain("<b>\n"), '<pre class="plain" tabindex="0">&lt;b&gt;\n</pre>');
});

test("lines end in line feeds, and half characters and NUL are replaced", () => {
  assert.equal(tidy("a\r\nb\rc\0\ud83d😀\ude00"), "a\nb\nc\uFFFD\uFFFD😀\uFFFD");
});

test("a chunk ends with a line, or between characters", () => {
  const lines = "0123456789\n".repeat(3000);

  assert.equal(plainChunkEnd("short", 0), 5);
  assert.equal(plainChunkEnd(lines, 0) % 11, 0);
  assert.equal(plainChunkEnd(`a${"😀".repeat(10_000)}`, 0), 15_999);
});

test("a chunk that is full does not move when text follows", () => {
  const text = "0123456789\n".repeat(3000);

  for (const more of ["", "a", "\n", text]) {
    assert.equal(plainChunkEnd(text + more, 11), plainChunkEnd(text, 11));
  }
});

test("a long line costs time in proportion, however much stands before", () => {
  const line = "x".repeat(4 * 1024 * 1024);
  const start = performance.now();
  for (let end = 0; end < line.length; ) end = plainChunkEnd(line, end);

  assert.ok(performance.now() - start < 100);
});
