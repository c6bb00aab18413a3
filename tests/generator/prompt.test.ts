import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Told, tell, tokensLeft } from "../../src/generator/prompt.js";

const question = (body: string): Told => ({ role: "question", body });
const answer = (body: string): Told => ({ role: "answer", body });
const CONTEXT = 4096;

/** A conversation of so many turns, each of about 200 tokens. */
function turns(count: number): Told[] {
  return Array.from({ length: count }, (_, turn) => [
    question(`question ${turn} ${"q".repeat(285)}`),
    answer(`answer ${turn} ${"a".repeat(285)}`),
  ]).flat();
}

test("a conversation that fits is told whole", () => {
  const told = tell([question("One?"), answer("Yes."), question("Two?")], CONTEXT);

  assert.deepEqual(told, [
    { role: "user", content: "One?" },
    { role: "assistant", content: "Yes." },
    { role: "user", content: "Two?" },
  ]);
});

for (const [what, history, roles, last] of [
  ["a failed answer", [question("a"), answer(""), question("b")], "user", "a\n\nb"],
  [
    "two failed answers",
    [question("a"), answer(""), question("b"), answer(""), question("c")],
    "user",
    "a\n\nb\n\nc",
  ],
  [
    "a failed answer later on",
    [question("a"), answer("x"), question("b"), answer(""), question("c")],
    "user assistant user",
    "b\n\nc",
  ],
] as const) {
  test(`after ${what} user and assistant still take turns`, () => {
    const told = tell(history, CONTEXT);
    assert.equal(told.map(({ role }) => role).join(" "), roles);
    assert.equal(told.at(-1)?.content, last);
  });
}

test("telling a conversation does not change it", () => {
  const history = [question("a"), answer(""), question("b")];
  tell(history, CONTEXT);
  assert.deepEqual(history, [question("a"), answer(""), question("b")]);
});

test("the last question is always told, however long it is", () => {
  const long = "x".repeat(CONTEXT * 10);
  assert.deepEqual(tell([...turns(20), question(long)], CONTEXT), [
    { role: "user", content: long },
  ]);
});

test("what is left out comes from the old end in whole turns, and the rest fits", () => {
  const history = [...turns(100), question("And now?")];
  const told = tell(history, CONTEXT);
  const bytes = told.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);

  assert.equal(told[0]?.role, "user");
  assert.deepEqual(
    told.map(({ content }) => content),
    history.slice(-told.length).map(({ body }) => body),
  );
  assert.ok(bytes / 3 < CONTEXT * 0.75);
});

test("over a hundred turns the beginning of what is told changes only now and then", () => {
  const beginnings = Array.from({ length: 100 }, (_, count) => {
    const told = tell([...turns(count + 1), question("And now?")], CONTEXT);
    return told[0]?.content;
  });
  const changes = beginnings.filter(
    (content, turn) => turn > 0 && content !== beginnings[turn - 1],
  );

  assert.ok(changes.length >= 5, `${changes.length} changes`);
  assert.ok(changes.length <= 15, `${changes.length} changes`);
});

test("whatever a conversation is like, turns alternate and the last question is there", () => {
  const bodies = fc.string({ maxLength: 3000 });
  const histories = fc.array(fc.tuple(bodies, bodies), { maxLength: 20 });
  fc.assert(
    fc.property(
      histories,
      bodies,
      fc.integer({ min: 1024, max: 20_000 }),
      (pairs, last, context) => {
        const history = pairs.flatMap(([asked, said]) => [question(asked || "?"), answer(said)]);
        const told = tell([...history, question(`last: ${last}`)], context);

        assert.ok(told.at(-1)?.content.endsWith(`last: ${last}`));
        assert.ok(
          told.every(({ role }, index) => (index % 2 === 0 ? "user" : "assistant") === role),
        );
      },
    ),
  );
});

test("a system prompt comes first, and is the same each turn", () => {
  const terms = { systemPrompt: "Be brief.", maxTokens: null };
  const first = tell([question("One?")], CONTEXT, terms);
  const second = tell([question("One?"), answer("Yes."), question("Two?")], CONTEXT, terms);

  assert.deepEqual(first, [
    { role: "system", content: "Be brief." },
    { role: "user", content: "One?" },
  ]);
  assert.deepEqual(second.slice(0, 2), first);
});

test("a system prompt takes of the room, and is told also where it takes all of it", () => {
  const history = [...turns(100), question("And now?")];
  const systemPrompt = "s".repeat(3000);
  const told = tell(history, CONTEXT, { systemPrompt, maxTokens: null });
  const bytes = told.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);

  assert.ok(told.length < tell(history, CONTEXT).length);
  assert.ok(bytes / 3 < CONTEXT * 0.75);
  assert.deepEqual(
    tell(history, CONTEXT, { systemPrompt: systemPrompt.repeat(9), maxTokens: null }).map(
      ({ role }) => role,
    ),
    ["system", "user"],
  );
});

test("a long answer that is wished for gets its room, up to half of it", () => {
  const history = [...turns(100), question("And now?")];
  const left = (maxTokens: number) => {
    const terms = { systemPrompt: null, maxTokens };
    return tokensLeft(tell(history, CONTEXT, terms), CONTEXT);
  };

  assert.ok(left(1900) >= 1900);
  assert.ok(left(1_000_000) >= CONTEXT / 2);
});
