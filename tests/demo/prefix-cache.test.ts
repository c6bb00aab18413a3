import assert from "node:assert/strict";
import { test } from "node:test";
import { PrefixCache, prefixesOf } from "../../src/demo/prefix-cache.js";
import { Recent } from "../../src/demo/recent.js";
import type { Message } from "../../src/demo/request.js";

const question: Message = { role: "user", content: "Hello" };
const answer: Message = { role: "assistant", content: "Hello yourself" };
const other: Message = { role: "user", content: "Something else" };

test("the longest beginning that was sent whole is a hit", () => {
  const cache = new PrefixCache();
  const [first] = prefixesOf([question], "");
  const longer = prefixesOf([question, answer, other], "");

  assert.equal(cache.hitTokens(longer), 0);
  cache.remember(first as (typeof longer)[number]);
  assert.equal(cache.hitTokens(longer), first?.tokens);
});

test("a conversation that lost its beginning is a miss", () => {
  const cache = new PrefixCache();
  for (const prefix of prefixesOf([question, answer, other], "")) cache.remember(prefix);
  assert.equal(cache.hitTokens(prefixesOf([answer, other], "")), 0);
});

test("people with different ids share nothing", () => {
  const cache = new PrefixCache();
  for (const prefix of prefixesOf([question], "ada")) cache.remember(prefix);
  assert.equal(cache.hitTokens(prefixesOf([question], "grace")), 0);
});

test("what was not used for longest is forgotten first", () => {
  const recent = new Recent<number>(2);
  recent.set("a", 1);
  recent.set("b", 2);
  recent.get("a");
  recent.set("c", 3);

  assert.deepEqual([recent.get("a"), recent.get("b"), recent.get("c")], [1, undefined, 3]);
  assert.equal(recent.size, 2);
});
