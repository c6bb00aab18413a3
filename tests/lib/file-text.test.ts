import assert from "node:assert/strict";
import { test } from "node:test";
import { readFileText, Unreadable } from "../../src/lib/file-text.js";

const read = (content: string | Uint8Array) =>
  readFileText(new Uint8Array(Buffer.from(content as string)));
const refusedFor = (obstacle: string) => (error: unknown) =>
  error instanceof Unreadable && error.obstacle === obstacle;

/** Bytes as hex, for encodings that Node reads and does not write. */
const hex = (digits: string) => Buffer.from(digits.replace(/\s/g, ""), "hex");
const GERMAN =
  "Die Straße führt über die Brücke, und die Bäume blühen schön. Müßig genießen wir den Frühling.";

for (const [what, bytes, text] of [
  ["UTF-8", Buffer.from("naïve ☕"), "naïve ☕"],
  ["UTF-8 with a mark", Buffer.from("\uFEFFa,b\r\n1,2\r\n"), "a,b\n1,2"],
  ["UTF-16, little end first", Buffer.from("\uFEFFGrüße", "utf16le"), "Grüße"],
  ["UTF-16 without a mark", Buffer.from("Plain words, wide.", "utf16le"), "Plain words, wide."],
  ["UTF-16, big end first", Buffer.from("\uFEFFGrüße", "utf16le").swap16(), "Grüße"],
  ["Latin-1", Buffer.from(GERMAN, "latin1"), GERMAN],
  ["Windows-1252 with its quotes", hex("93 63 61 66 e9 94 20 96 20 e9 74 e9"), "“café” – été"],
  [
    "GB18030",
    hex("c4e3bac3a3accac0bde7a1a3d5e2cac7d2bbb8f6b2e2cad4cec4bcfea1a3"),
    "你好，世界。这是一个测试文件。",
  ],
  [
    "Shift-JIS",
    hex("82b182ea82cd93fa967b8cea82cc836583588367837483408343838b82c582b78142"),
    "これは日本語のテストファイルです。",
  ],
] as const) {
  test(`text in ${what} is read`, async () => {
    const { kind, text: found, pages } = await read(bytes);
    assert.deepEqual({ kind, text: found, pages }, { kind: "text", text, pages: null });
  });
}

test("words are counted, each character of a script without spaces as one", async () => {
  assert.equal((await read("Two words, 3 numbers.")).words, 4);
  assert.equal((await read("你好，世界")).words, 4);
});

for (const [what, bytes, obstacle] of [
  ["an old document of Word", hex("d0cf11e0a1b11ae1"), "unknown"],
  ["a program", hex("7f454c4602010100"), "unknown"],
  ["bytes with zeros among them", Buffer.from("some\0\0\0words\0and more of them"), "unknown"],
  ["bytes that are no text", Buffer.from(Array(3000).fill(3)), "unknown"],
  ["more text than any model reads", "x".repeat(4_000_001), "too_long"],
] as const) {
  test(`${what} is not read, and it is said why`, async () => {
    await assert.rejects(() => read(bytes), refusedFor(obstacle));
  });
}

for (const [kind, start] of [
  ["png", "89504e470d0a1a0a0000000d49484452"],
  ["jpeg", "ffd8ffe000104a464946"],
  ["gif", "474946383961"],
  ["webp", "524946461a0000005745425056503820"],
] as const) {
  test(`a ${kind} is a picture by its first bytes, and has no words`, async () => {
    const found = await read(hex(start));
    assert.deepEqual(found, { kind, text: "", pages: null, words: 0 });
  });
}

test("markup is text like any other", async () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>';
  assert.equal((await read(svg)).text, svg);
});

test("many at once wait for each other, and more than thirty of them are turned away", async () => {
  const outcomes = await Promise.allSettled(Array.from({ length: 40 }, () => read("Short.")));
  const refused = outcomes.filter(({ status }) => status === "rejected");

  assert.equal(refused.length, 9);
  assert.ok(
    refused.every((outcome) => refusedFor("too_many")((outcome as PromiseRejectedResult).reason)),
  );
});
