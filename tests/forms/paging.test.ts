import assert from "node:assert/strict";
import { test } from "node:test";
import { pageNumber, readRowId } from "../../src/forms/paging.js";

test("a page that is no number is the first", () => {
  for (const input of [undefined, "", "0", "-1", "1.5", "abc", "1e99", "NaN", ["2", "3"], {}]) {
    assert.equal(pageNumber(input), 1, JSON.stringify(input));
  }
  assert.equal(pageNumber("7"), 7);
});

test("what is no id of a row is null", () => {
  for (const input of [undefined, "", "0", "-1", "1.5", "abc", "1e99", ["2", "3"], {}, null]) {
    assert.equal(readRowId(input), null, JSON.stringify(input));
  }
  assert.equal(readRowId("41"), 41);
});

test("an id beyond what the database can hold is null, not an error of the server", () => {
  assert.equal(readRowId("2147483647"), 2147483647);
  assert.equal(readRowId("2147483648"), null);
  assert.equal(readRowId("9007199254740991"), null);
});
