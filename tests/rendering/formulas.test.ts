import assert from "node:assert/strict";
import { test } from "node:test";
import { formulaAt } from "../../src/rendering/formulas.js";

const FORMULAS = [
  ["$x$", "x"],
  ["$a_1 + b$ is", "a_1 + b"],
  ["$5x + 3$", "5x + 3"],
  ["$n$th", "n"],
  ["$\\$5$", "\\$5"],
  ["\\( x \\)", " x "],
  ["\\[ x \\]", " x "],
  ["$$x$$ and", "x"],
] as const;

for (const [text, source] of FORMULAS) {
  test(`${text} begins with a formula`, () => {
    assert.equal(formulaAt(text, 0)?.source, source);
  });
}

const NONE = [
  "$5 and $10",
  "$5-$10",
  "$5/$10 a piece",
  "$5, not $6, for $7.",
  "$5 or so, or 6$",
  "$HOME/$USER",
  "$PATH:$HOME",
  "$ x$",
  "$x $",
  "$$$",
  "$\n$",
  "\\(a\nb\\)",
  "\\{a\\}",
  "x",
] as const;

for (const text of NONE) {
  test(`${JSON.stringify(text)} begins with none, whatever follows`, () => {
    assert.equal(formulaAt(text, 0), undefined);
  });
}

test("a dollar behind a letter is a currency", () => {
  assert.equal(formulaAt("US$x$", 2), undefined);
  assert.equal(formulaAt("设$x$为", 1)?.source, "x");
});

for (const text of ["$", "$x", "$$", "$$x", "\\(", "\\( x", "\\[x", "$\\alpha = "]) {
  test(`${text} may become one`, () => {
    assert.equal(formulaAt(text, 0), null);
  });
}

test("what begins like a price is not waited for", () => {
  assert.equal(formulaAt("$5 a", 0), undefined);
});

test("nothing is waited for longer than 300 characters, and no formula of a line is longer than 1,000", () => {
  assert.equal(formulaAt(`$${"x".repeat(301)}`, 0), undefined);
  assert.equal(formulaAt(`$${"x".repeat(1001)}$`, 0), undefined);
});
