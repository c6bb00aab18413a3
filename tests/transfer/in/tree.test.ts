import assert from "node:assert/strict";
import { test } from "node:test";
import type { Conversation, Found } from "../../../src/transfer/in/arrival.js";
import { arrivalOf } from "../../../src/transfer/in/tree.js";

const NOW = Date.parse("2026-11-26T12:00:00Z");
const THEN = Date.parse("2025-01-01T12:00:00Z");

/** Messages as "key parent role body"; "-" for none. */
function conversation(lines: string[], more: Partial<Conversation> = {}): Conversation {
  return {
    ...{ sourceId: "s", title: "Title", createdAt: THEN, updatedAt: THEN },
    ...{ pinnedAt: null, archivedAt: null, reading: null, leftOut: {} },
    found: lines.map(found),
    ...more,
  };
}

function found(line: string): Found {
  const [key = "", parent, role, ...words] = line.split(" ");
  const roles = { q: "question", a: "answer", "-": null } as const;
  return {
    key,
    parent: parent === "-" ? null : (parent ?? null),
    role: roles[role as keyof typeof roles],
    body: words.join(" "),
    createdAt: null,
  };
}

function outline(lines: string[], more?: Partial<Conversation>): string[] {
  const { messages } = arrivalOf(conversation(lines, more), NOW);
  return messages.map(({ parent, role, body, state }) =>
    [parent ?? "-", role[0], body, state === "complete" ? "" : state].join(" ").trim(),
  );
}

const CASES: [what: string, lines: string[], outline: string[]][] = [
  [
    "a tree stays one",
    ["1 - q A", "2 1 a B", "3 1 a C", "4 2 q D", "5 4 a E"],
    ["- q A", "0 a B", "0 a C", "1 q D", "3 a E"],
  ],
  [
    "what is passed over joins what is around it",
    ["1 - - x", "2 1 q A", "3 2 - y", "4 3 a B"],
    ["- q A", "0 a B"],
  ],
  ["who follows nobody that is there begins", ["1 9 q A", "2 1 a B"], ["- q A", "0 a B"]],
  ["children before their parents come behind them", ["2 1 a B", "1 - q A"], ["- q A", "0 a B"]],
  [
    "two answers in a row are one",
    ["1 - q A", "2 1 a B", "3 2 a C", "4 3 q D", "5 4 a E"],
    ["- q A", "0 a B\n\nC", "1 q D", "2 a E"],
  ],
  ["two questions in a row are one", ["1 - q A", "2 1 q B", "3 2 a C"], ["- q A\n\nB", "0 a C"]],
  [
    "versions of a second answer stay versions",
    ["1 - q A", "2 1 a B", "3 2 a C", "4 2 a D"],
    ["- q A", "0 a B", "1 q (no question)", "2 a C", "1 q (no question)", "4 a D"],
  ],
  [
    "an answer that begins gets a question",
    ["1 - a A", "2 1 q B", "3 2 a C"],
    ["- q (no question)", "0 a A", "1 q B", "2 a C"],
  ],
  [
    "a question without an answer gets one to ask for again",
    ["1 - q A"],
    ["- q A", "0 a  stopped"],
  ],
];

for (const [what, lines, expected] of CASES) {
  test(what, () => assert.deepEqual(outline(lines), expected));
}

test("what goes round in a circle is refused", () => {
  for (const lines of [
    ["1 1 q A"],
    ["1 2 q A", "2 1 a B"],
    ["1 - q A", "2 3 - B", "3 2 - C", "4 2 a D"],
  ]) {
    assert.throws(() => outline(lines), /circle/);
  }
});

test("two messages of one id, none at all, too many and too long are refused", () => {
  assert.throws(() => outline(["1 - q A", "1 - q B"]), /same_ids/);
  assert.throws(() => outline([]), /no_messages/);
  assert.throws(() => outline(["1 - - A"]), /no_messages/);
  const many = Array.from({ length: 20_001 }, (_, place) => `${place} - q A`);
  assert.throws(() => outline(many), /too_many_messages: 20000/);
  assert.throws(() => outline([`1 - q ${"x".repeat(5_000_000)}`]), /long_message/);
});

test("10,000 messages in one row, backwards, are placed at once", () => {
  const lines = Array.from(
    { length: 10_000 },
    (_, place) => `${place} ${place - 1} ${place % 2 ? "a" : "q"} A`,
  );
  assert.equal(outline(lines.toReversed()).length, 10_000);
});

test("nothing comes from the future, and nothing from before there were computers", () => {
  const { createdAt, updatedAt, messages, pinnedAt } = arrivalOf(
    conversation(["1 - q A", "2 1 a B"], {
      createdAt: -5e12,
      updatedAt: 9e15,
      pinnedAt: 9e15,
      found: [
        { ...found("1 - q A"), createdAt: 9e15 },
        { ...found("2 1 a B"), createdAt: 5 },
      ],
    }),
    NOW,
  );
  assert.deepEqual([createdAt, updatedAt, pinnedAt], [0, NOW, NOW]);
  assert.deepEqual(
    messages.map((message) => message.createdAt),
    [NOW, 5],
  );
});

test("text is text: NULs, halves of characters and foreign line ends are put right", () => {
  const [message] = arrivalOf(
    conversation(["1 - q A", "2 1 a B"], {
      found: [{ ...found("1 - q A"), body: "a\0b\r\nc\rd\ud800" }, found("2 1 a B")],
    }),
    NOW,
  ).messages;
  assert.equal(message?.body, "ab\nc\nd\ufffd");
});

test("what is read is the end of the branch that was looked at", () => {
  const lines = ["1 - q A", "2 1 a B", "3 1 a C", "4 2 q D", "5 4 a E", "6 4 a F"];
  const reading = (key: string) => arrivalOf(conversation(lines, { reading: key }), NOW).reading;
  assert.deepEqual(["1", "3", "2", "5", "6", "nobody"].map(reading), [2, 2, null, 4, null, null]);
});

test("a title is one line of a length that can be shown, or the first words", () => {
  const titled = (title: string) =>
    arrivalOf(conversation(["1 - q First words", "2 1 a B"], { title }), NOW).title;
  assert.equal(titled(" a \n\t b\u2028c "), "a b c");
  assert.equal(titled("\u200b\u202e"), "First words");
  assert.equal(titled("x".repeat(5000)).length, 200);
});
