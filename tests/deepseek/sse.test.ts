import assert from "node:assert/strict";
import { test } from "node:test";
import { type SseEvent, sseReader } from "../../src/deepseek/sse.js";

const event = (data: string, name = "message"): SseEvent => ({ type: "event", name, data });

const CASES: [what: string, text: string, events: SseEvent[]][] = [
  ["LF", "data: a\n\n", [event("a")]],
  ["CRLF", "data: a\r\n\r\n", [event("a")]],
  ["CR alone", "data: a\r\rdata: b\r\r", [event("a"), event("b")]],
  ["no space", "data:a\n\n", [event("a")]],
  ["two lines", "data: a\ndata: b\n\n", [event("a\nb")]],
  ["a name", "event: done\ndata: a\n\n", [event("a", "done")]],
  ["a comment", ": keep-alive\n\n", [{ type: "comment" }]],
  ["no blank line at the end", "data: a", [event("a")]],
  ["a stray error", 'error: {"code":500}\n\n', [{ type: "stray_error", data: '{"code":500}' }]],
  ["a wrong retry", "retry: never\n\n", []],
  ["no field", "lorem ipsum\n", [{ type: "garbage" }]],
];

for (const [what, text, events] of CASES) {
  test(`${what} is read, whole and character by character`, () => {
    assert.deepEqual(read([text]), events);
    assert.deepEqual(read([...text]), events);
  });
}

test("an event above the limit is refused, whole and in parts", () => {
  const text = `data: ${"x".repeat(100)}\n\ndata: a\n\n`;

  assert.deepEqual(read([text], 50).at(0), { type: "oversized" });
  assert.deepEqual(read([...text], 50), [{ type: "oversized" }]);
});

function read(parts: string[], most = 1000): SseEvent[] {
  const reader = sseReader(most);
  return [...parts.flatMap((part) => reader.feed(part)), ...reader.end()];
}
