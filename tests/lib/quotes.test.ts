import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { withoutQuotes } from "../../src/lib/quotes.js";

const SECRET = "The treasure is buried under the old oak, three steps north.";

test("what quotes nothing stays as it is", () => {
  const said = "Authentication fails (governor, invalid_request_error)";
  assert.equal(withoutQuotes(said, [SECRET, ""]), said);
});

test("a whole text is cut out, and a short one too", () => {
  assert.equal(withoutQuotes(`You said '${SECRET}'`, [SECRET]), "You said '[…]'");
  assert.equal(withoutQuotes("Refused: oink", ["oink"]), "Refused: […]");
});

test("no part of 14 characters is left, wherever it stands", () => {
  const slices = fc.tuple(fc.nat(SECRET.length - 14), fc.integer({ min: 14, max: 60 }));
  fc.assert(
    fc.property(fc.string(), slices, fc.string(), (before, [from, length], after) => {
      const part = SECRET.slice(from, from + length);
      const said = withoutQuotes(before + part + after, [SECRET]);
      for (let at = 0; at + 14 <= part.length; at += 1) {
        assert.ok(!said.includes(part.slice(at, at + 14)), said);
      }
    }),
  );
});

test("a long conversation does not hold anybody up", () => {
  const sources = Array.from({ length: 40 }, (_, index) =>
    `${index} lorem ipsum dolor `.repeat(1000),
  );
  const before = performance.now();
  withoutQuotes("x".repeat(500), sources);
  assert.ok(performance.now() - before < 250);
});
