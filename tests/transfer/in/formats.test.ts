import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { Arrival } from "../../../src/transfer/in/arrival.js";
import { conversationIn } from "../../../src/transfer/in/formats.js";
import { arrivalOf } from "../../../src/transfer/in/tree.js";
import { root } from "../../support/root.js";

const FOLDER = path.join(root, "tests/fixtures/exports");
const NOW = Date.parse("2026-11-26T12:00:00Z");

const sample = (name: string) => JSON.parse(readFileSync(path.join(FOLDER, name), "utf8"));
const arrived = (value: unknown) => arrivalOf(conversationIn(value), NOW);

/** Each message as its place, whom it follows, and what it says. */
function outline({ messages }: Arrival): string[] {
  return messages.map(({ parent, role, body }) => `${parent ?? "-"} ${role[0]} ${body}`);
}

test("ChatGPT: what people saw, as a tree; the rest is passed over and counted", () => {
  const [first] = sample("chatgpt.json");
  const chat = arrived(first);

  assert.deepEqual(outline(chat), [
    "- q How do trains brake?",
    "0 a With **air**. ",
    "0 a With brakes.",
    "1 q *[Picture]*\n\nWhat is this?",
    "3 a A buffer stop.",
  ]);
  assert.equal(chat.title, "Brakes");
  assert.equal(chat.reading, null);
  assert.equal(chat.createdAt, 1756000000123);
  assert.deepEqual(chat.leftOut, { hidden: 2, steps: 2, pictures: 1 });
  assert.equal(chat.messages[1]?.reasoning, "**Recalling**\n\nAir brakes, mostly.");
  assert.equal(chat.messages[1]?.model, "gpt-5-thinking");
  assert.equal(chat.messages[2]?.model, "gpt-4o");
  assert.equal(chat.messages[4]?.finishReason, "length");
});

test("ChatGPT: spoken words, an archived conversation without a title, one that holds nothing", () => {
  const [, spoken, nothing] = sample("chatgpt.json");
  const chat = arrived(spoken);

  assert.deepEqual(outline(chat), ["- q Good morning", "0 a Good morning!"]);
  assert.deepEqual([chat.title, chat.titledBy], ["Good morning", "words"]);
  assert.equal(chat.archivedAt, 1756000101000);
  assert.equal(chat.messages[1]?.state, "stopped");
  assert.throws(() => arrived(nothing), /no_messages/);
});

test("Claude: branches, thoughts, and the text of documents", () => {
  const [first] = sample("claude.json");
  const chat = arrived(first);

  assert.deepEqual(outline(chat).slice(1), [
    "0 a Leeks.",
    "0 a Potatoes.",
    "1 q And then?",
    "3 a ",
  ]);
  assert.match(
    chat.messages[0]?.body ?? "",
    /^What goes into it\?\n\n\*\*pantry\.txt\*\*\n\n````\nleeks\n```\npotatoes\n````\n\n\*\[File: kitchen\.jpg\]\*$/,
  );
  assert.equal(chat.messages[1]?.reasoning, "They have leeks.");
  assert.deepEqual(chat.leftOut, { steps: 2, files: 1 });
  assert.equal(chat.messages[4]?.state, "stopped");
});

test("Claude: older exports are one row", () => {
  const [, second] = sample("claude.json");
  assert.deepEqual(outline(arrived(second)), ["- q Without content?", "0 a As it was in 2023."]);
});

test("Open WebUI: branches, folded thoughts, parts, and what is read", () => {
  const [first, second] = sample("open-webui.json");
  const chat = arrived(first);

  assert.deepEqual(outline(chat), [
    "- q How long?\n\n*[Picture]*",
    "0 a Three minutes.",
    "0 a Four minutes.",
    "1 q Thanks.",
    "3 a You are welcome.",
  ]);
  assert.equal(chat.reading, 2);
  assert.equal(chat.messages[1]?.reasoning, "Green or black?\nBlack.");
  assert.equal(chat.messages[4]?.reasoning, "Polite.");
  assert.deepEqual(
    chat.messages.map(({ model }) => model),
    [null, "llama3.1:8b", "qwen3:8b", null, "llama3.1:8b"],
  );
  assert.deepEqual(chat.leftOut, { pictures: 1, steps: 1 });
  assert.ok(chat.pinnedAt);

  const filed = arrived(second);
  assert.ok(filed.archivedAt && filed.pinnedAt === null);
  assert.equal(filed.messages[1]?.state, "stopped");
});

test("LibreChat: a row and a tree of the same conversation are the same", () => {
  const row = arrived(sample("librechat-row.json"));
  const tree = arrived(sample("librechat-tree.json"));

  assert.deepEqual(outline(row), [
    "- q Best opening?",
    "0 a e4.",
    "0 a d4, and then",
    "1 q Why?",
    "3 a It opens lines.",
  ]);
  assert.deepEqual(
    outline(tree).toSorted(),
    [
      "- q Best opening?",
      "0 a d4, and then",
      "0 a e4.",
      "1 q Why?",
      "2 a It opens lines.",
    ].toSorted(),
  );
  assert.equal(row.messages[2]?.finishReason, "length");
  assert.equal(row.messages[4]?.reasoning, "Centre.");
  assert.deepEqual(row.leftOut, { steps: 1 });
});

test("what nobody knows is refused", () => {
  for (const value of [null, 1, "x", [], {}, { messages: [] }, { format: "other" }]) {
    assert.throws(() => arrived(value), /unknown_program/);
  }
});

test("a newer version of our own is refused, and so is one that is not as it should be", () => {
  const ours = (more: object) => arrived({ format: "aifacade", version: 1, ...more });
  assert.throws(() => ours({ version: 3 }), /newer/);
  assert.throws(() => ours({}), /not_ours: conversation/);
  const message = { id: 1, parentId: null, role: "system", body: "x", createdAt: "2026-01-01" };
  const conversation = { id: "x", title: "x", createdAt: "2026-01-01", updatedAt: "2026-01-01" };
  assert.throws(
    () => ours({ conversation: { ...conversation, messages: [message] } }),
    /conversation\.messages\.0\.role/,
  );
});
