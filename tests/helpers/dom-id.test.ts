import assert from "node:assert/strict";
import { test } from "node:test";
import { domId } from "../../src/helpers/dom-id.js";

test("an element is called by its noun and its id", () => {
  assert.equal(domId("message", 41), "message-41");
});
