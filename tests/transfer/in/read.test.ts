import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { type Limits, read, type Told } from "../../../src/transfer/in/read.js";
import { zipped } from "../../support/zipped.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "aifacade-read-"));
after(() => rmSync(folder, { recursive: true }));

const AT = "2026-01-01T00:00:00Z";
const LIMITS = { bytes: 10_000_000, conversations: 1_000 };

function conversation(number: number) {
  const question = { id: 1, parentId: null, role: "question", body: `Asked ${number}` };
  const times = { createdAt: AT, updatedAt: AT };
  return {
    ...{ format: "aifacade", version: 2 },
    conversation: {
      ...{ id: `c${number}`, title: `Number ${number}`, ...times },
      messages: [{ ...question, createdAt: AT }],
    },
  };
}

function told(count: number, limits: Partial<Limits> = {}) {
  return toldOf(JSON.stringify(Array.from({ length: count }, (_, n) => conversation(n))), limits);
}

async function toldOf(content: string | Buffer, limits: Partial<Limits> = {}) {
  const file = path.join(folder, "export.json");
  const staged = path.join(folder, "staged");
  writeFileSync(file, content);
  const all: Told[] = [];
  for await (const one of read(file, staged, { ...LIMITS, ...limits })) all.push(one);
  return { all, staged };
}

test("each conversation stands in the second file where it is told to stand", async () => {
  const { all, staged } = await told(300);
  const bytes = readFileSync(staged);
  assert.equal(all.length, 301);

  for (const [number, one] of all.slice(0, 300).entries()) {
    assert.ok("found" in one);
    const { offset, length } = one.found;
    const [head = "", ...messages] = bytes.toString("utf8", offset, offset + length).split("\n");
    assert.equal(JSON.parse(head).title, `Number ${number}`);
    // The question, the answer that it waits for, and the end of the last line.
    assert.equal(messages.length, 3);
  }
});

test("as many as may be are read, and one more refuses the file", async () => {
  const { all } = await told(20, { conversations: 20 });
  assert.deepEqual(all.at(-1), { end: true });
  const { all: more } = await told(21, { conversations: 20 });
  assert.deepEqual(more.at(-1), { refused: "too_many" });
});

test("more bytes than may be refuse the file", async () => {
  const { all } = await told(300, { bytes: 10_000 });
  assert.deepEqual(all.at(-1), { refused: "too_much" });
});

test("of an archive only what is too large is left out, and by itself it is refused", async () => {
  const large = Buffer.alloc(65 * 1024 * 1024, " ");
  const limits = { bytes: 200_000_000 };
  const archive = await zipped({
    "conversations/a.json": JSON.stringify(conversation(1)),
    "conversations/b.json": large,
    "conversations/c.json": JSON.stringify(conversation(2)),
  });
  const { all } = await toldOf(archive, limits);
  assert.deepEqual(
    all.map((one) => ("found" in one ? one.found.title : one)),
    [
      "Number 1",
      { unfit: { title: "conversations/b.json", why: "too_large" } },
      "Number 2",
      { end: true },
    ],
  );

  const { all: alone } = await toldOf(large, limits);
  assert.deepEqual(alone, [{ refused: "too_large" }]);
});
