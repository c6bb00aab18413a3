import assert from "node:assert/strict";
import { test } from "node:test";
import { csv } from "../../src/lib/csv.js";

for (const [cell, written] of [
  ["plain", "plain"],
  ["", ""],
  [7, "7"],
  [-7, "-7"],
  ["a,b", '"a,b"'],
  ['say "a"', '"say ""a"""'],
  ["two\nlines", '"two\nlines"'],
  ["two\rlines", '"two\rlines"'],
] as const) {
  test(`${JSON.stringify(cell)} is written so that it is read the same`, () => {
    assert.equal(csv([[cell]]), `${written}\r\n`);
  });
}

for (const start of ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"]) {
  test(`T-57 a cell that begins with ${JSON.stringify(start)} is no formula`, () => {
    assert.match(csv([[`${start}HYPERLINK("x")`]]), /^"?'/);
  });
}

test("rows end as RFC 4180 says", () => {
  assert.equal(
    csv([
      ["a", "b"],
      ["c", 1],
    ]),
    "a,b\r\nc,1\r\n",
  );
});
