import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { AnswerReader } from "../../src/deepseek/answer.js";
import type { Delta } from "../../src/deepseek/types.js";
import { wire } from "../support/fake-deepseek.js";

const STREAMS: Record<string, wire.Chunk[]> = {
  deepseek: [...wire.deepseek(null, { reasoning: "Grübeln 😀", content: "naïve 日本 é 😀" })],
  ollama: wire.OLLAMA,
  llamaCpp: wire.LLAMA_CPP,
  vllm: wire.VLLM,
  tags: [
    wire.content("<thi"),
    wire.content("nk>ä</th"),
    wire.content("ink>\n\n"),
    wire.content("ö"),
    wire.finish("stop"),
  ],
  lines: [
    "\ufeff\r\ndata:",
    "[DONE]\r",
    "\n\r",
    ": x\r\n",
    'data:{"choices":[{"delta":{"content":"ü"}}]}\r\r',
  ],
  json: ["\n\n", JSON.stringify({ choices: [{ message: { content: "ü😀" } }] })],
  error: [wire.content("so fär"), wire.complaint("Insufficient Balance"), wire.content("never")],
  html: ["\n<!doctype html>", "<p>ü"],
  garbage: ["lörem\n", "ipsum"],
};

for (const [name, chunks] of Object.entries(STREAMS)) {
  test(`the stream "${name}" cut in two at every byte gives the same`, () => {
    const bytes = Buffer.concat(chunks.map(wire.encoded));
    const whole = read([bytes]);

    for (let at = 1; at < bytes.length; at++) {
      assert.deepEqual(read([bytes.subarray(0, at), bytes.subarray(at)]), whole, `cut at ${at}`);
    }
    assert.deepEqual(read(Array.from(bytes, (byte) => Uint8Array.of(byte))), whole);
  });
}

test("any cuts of any answer give the same", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 40 });
  const cuts = fc.array(fc.nat(2000), { maxLength: 30 });

  fc.assert(
    fc.property(text, text, cuts, (reasoning, content, at) => {
      const bytes = Buffer.concat(
        [...wire.deepseek(null, { reasoning, content })].map(wire.encoded),
      );
      assert.deepEqual(read(cut(bytes, at)), read([bytes]));
    }),
  );
});

test("any bytes give deltas or a failure of ours, and never more than the cap", () => {
  const line = fc.constantFrom(
    'data: {"choices":[{"delta":{"content":"',
    '"}}]}\n\n',
    "data: ",
    "\n\n",
    "{",
    ": ",
    "event: error\n",
  );
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 200 }), line.map(wire.encoded));

  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 12 }), (parts) => {
      const { deltas, failure } = read(parts);
      assert.equal(failure === null, deltas.at(-1)?.type === "finish");
      assert.ok(Buffer.byteLength(texts(deltas)) <= CAPS.answerBytes);
    }),
    { numRuns: 500 },
  );
});

test("a pair of surrogates over two events is one character", () => {
  const chunks = [
    '{"choices":[{"delta":{"content":"\\ud83d"}}]}',
    '{"choices":[{"delta":{"content":"\\ude00"}}]}',
  ];
  const { deltas } = read([Buffer.from(chunks.map((chunk) => `data: ${chunk}\n\n`).join(""))]);

  assert.deepEqual(deltas, [{ type: "content", text: "😀" }]);
});

test("lone surrogates, NUL and bytes that are no UTF-8 become U+FFFD", () => {
  const broken = Buffer.from('data: {"choices":[{"delta":{"content":"a\\u0000b\\udc00c?d"}}]}\n\n');
  broken[broken.indexOf("?")] = 0xff;

  assert.equal(texts(read([broken]).deltas), "a\ufffdb\ufffdc\ufffdd");
});

test("the last usage counts, wherever it comes", () => {
  const usage = { prompt_tokens: 9, completion_tokens: 9 };
  const { deltas } = read(
    [wire.content("a"), wire.finish("stop"), { choices: [], usage }].map(wire.encoded),
  );

  assert.equal(finishIn(deltas)?.usage?.promptTokens, 9);
});

test("what a server repeats after the finish is not said twice", () => {
  const once = [wire.content("a"), wire.finish("stop")];

  assert.equal(texts(read([...once, ...once].map(wire.encoded)).deltas), "a");
});

test("a hundred thousand small events are read without keeping them", () => {
  const reader = new AnswerReader(OPTIONS);
  const many = Buffer.from(wire.events(...Array<object>(1000).fill(wire.delta({}))));
  for (let turn = 0; turn < 100; turn++) assert.deepEqual(reader.feed(many).deltas, []);

  assert.equal(reader.spoken, false);
});

const CAPS = { eventBytes: 5000, answerBytes: 1000 };
const OPTIONS = { caps: CAPS, splitsThinking: true, mayBeEmpty: false };

function read(parts: Uint8Array[]): { deltas: Delta[]; failure: string | null } {
  const reader = new AnswerReader(OPTIONS);
  const deltas: Delta[] = [];

  for (const read of [...parts.map((part) => () => reader.feed(part)), () => reader.end()]) {
    const fed = read();
    collect(fed.deltas, deltas);
    if (fed.failure) return { deltas, failure: fed.failure.kind };
  }
  return { deltas, failure: null };
}

/** Where the cuts lie decides which texts are one delta: here all neighbours are. */
function collect(from: Delta[], into: Delta[]): void {
  for (const delta of from) {
    const last = into.at(-1);
    if ("text" in delta && last?.type === delta.type) {
      into[into.length - 1] = { ...delta, text: last.text + delta.text };
    } else {
      into.push(delta);
    }
  }
}

function cut(bytes: Uint8Array, at: number[]): Uint8Array[] {
  const ends = [...at.map((end) => end % bytes.length), bytes.length].sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

function texts(deltas: Delta[]): string {
  return deltas.map((delta) => ("text" in delta ? delta.text : "")).join("");
}

function finishIn(deltas: Delta[]): Extract<Delta, { type: "finish" }> | undefined {
  return deltas.find((delta) => delta.type === "finish");
}
