import assert from "node:assert/strict";
import { test } from "node:test";
import { problemWords } from "../../src/helpers/import-problems.js";
import type { Obstacle } from "../../src/transfer/in/arrival.js";
import type { Refusal } from "../../src/transfer/in/read.js";

const OF_FILES: Record<Refusal, RegExp> = {
  broken: /no JSON/,
  too_large: /larger than 64 MB/,
  too_deep: /nests deeper/,
  zip: /archive cannot be read/,
  nothing: /no file conversations\.json/,
  unknown: /known here/,
  too_many: /too many conversations/,
  too_much: /too much to take in/,
};
const OF_CONVERSATIONS: Record<Obstacle, RegExp> = {
  unknown_program: /no conversation of a program/,
  newer: /newer AIFacade/,
  not_ours: /not as AIFacade writes it/,
  empty_library: /nothing in it/,
  no_messages: /no messages/,
  too_many_messages: /more than [\d,]+ messages/,
  same_ids: /same id/,
  circle: /in a circle/,
  long_message: /longer than 4 MB/,
};

for (const [reason, words] of Object.entries({ ...OF_FILES, ...OF_CONVERSATIONS })) {
  test(`what is not taken in because it is ${reason} is told of in words`, () => {
    assert.match(problemWords(reason) ?? "", words);
  });
}

test("the words name what the reason names", () => {
  assert.equal(
    problemWords("not_ours: conversation.title (no text)"),
    "It is not as AIFacade writes it: conversation.title (no text).",
  );
  assert.equal(problemWords("too_many_messages: 20000"), "It has more than 20,000 messages.");
});

test("what was stored as a sentence is shown as it is, and nothing as nothing", () => {
  const names = ["constructor", "__proto__", "toString: x", "hasOwnProperty"];
  for (const sentence of ["It has no messages.", "Its disk: full", ...names, null])
    assert.equal(problemWords(sentence), sentence);
});
