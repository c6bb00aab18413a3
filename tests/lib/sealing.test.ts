import assert from "node:assert/strict";
import { test } from "node:test";
import { seal, unseal } from "../../src/lib/sealing.js";

const SECRET = "a secret of some length";
const TEXT = "sk-0123456789 über";
const CONTEXT = ["this", "row"];

test("what was sealed is opened by the same secret for the same context", () => {
  assert.equal(unseal(SECRET, seal(SECRET, TEXT, CONTEXT), CONTEXT), TEXT);
  assert.equal(unseal(SECRET, seal(SECRET, "", CONTEXT), CONTEXT), "");
});

test("the same text is never sealed alike, and does not show", () => {
  const [one, two] = [seal(SECRET, TEXT, CONTEXT), seal(SECRET, TEXT, CONTEXT)];
  assert.notEqual(one, two);
  assert.doesNotMatch(Buffer.from(one, "base64url").toString("latin1"), /sk-/);
});

test("another secret, another context and every changed byte open nothing", () => {
  const sealed = seal(SECRET, TEXT, CONTEXT);
  assert.equal(unseal("another secret", sealed, CONTEXT), null);
  assert.equal(unseal(SECRET, sealed, ["this row"]), null);

  const bytes = Buffer.from(sealed, "base64url");
  for (const index of bytes.keys()) {
    const changed = Buffer.from(bytes);
    changed[index] = (changed[index] ?? 0) ^ 1;
    assert.equal(unseal(SECRET, changed.toString("base64url"), CONTEXT), null, `byte ${index}`);
    assert.equal(unseal(SECRET, bytes.toString("base64url", 0, index), CONTEXT), null);
  }
});

test("what was never sealed is nothing", () => {
  for (const text of ["", "AA", "not base64 at all!", "A".repeat(99)])
    assert.equal(unseal(SECRET, text, CONTEXT), null);
});
