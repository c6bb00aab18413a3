import assert from "node:assert/strict";
import { test } from "node:test";
import { type MessageRow, messageView } from "../../src/helpers/message-view.js";

const row: MessageRow = {
  id: 41,
  conversationId: "c",
  role: "answer",
  askedAt: 1_790_000_000,
  question: "",
  bytes: 7,
  siblings: [41],
  files: [],
  state: "complete",
  failure: null,
  finishReason: "stop",
  model: "deepseek-flash",
  thoughtForMs: 1200,
  html: "<p><strong>Yes</strong></p>",
  reasoningHtml: "<p>Hm.</p>",
  firstTokenMs: 300,
  tookMs: 2000,
  promptTokens: 12,
  cachedTokens: 8,
  completionTokens: 3,
  reasoningTokens: 1,
  cost: null,
  miss: null,
  isCopy: 0,
  askedThinking: null,
  askedTemperature: null,
  askedTopP: null,
  askedMaxTokens: null,
  presetName: null,
};

test("a message alone at its place has no siblings", () => {
  assert.equal(messageView(row, null).siblings, null);
});

for (const [id, position, previous, next] of [
  [40, 1, null, "/conversations/c?message=41#message-41"],
  [41, 2, "/conversations/c?message=40#message-40", "/conversations/c?message=44#message-44"],
  [44, 3, "/conversations/c?message=41#message-41", null],
] as const) {
  test(`the ${position}. of three versions leads to its neighbours`, () => {
    const { siblings } = messageView({ ...row, id, siblings: [40, 41, 44] }, null);
    assert.deepEqual(siblings, { position, count: 3, previous, next });
  });
}

test("a running answer shows what it has by now, not what was stored", () => {
  const growing = {
    html: "<p>So</p>",
    reasoningHtml: "",
    progress: "<span>…</span>",
    thoughtForMs: 4000,
  };
  const view = messageView({ ...row, state: "running" }, growing);

  assert.equal(view.html, "<p>So</p>");
  assert.equal(view.reasoningHtml, "");
  assert.equal(view.progress, "<span>…</span>");
});

test("a receipt needs tokens that somebody counted", () => {
  assert.equal(messageView(row, null).receipt?.promptTokens, 12);
  assert.equal(messageView({ ...row, promptTokens: null }, null).receipt, null);
});
