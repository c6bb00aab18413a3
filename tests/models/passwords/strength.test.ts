import assert from "node:assert/strict";
import { test } from "node:test";
import { weakness } from "../../../src/models/passwords/strength.js";

for (const [password, reason] of [
  ["12345678", /ten most used/],
  ["11111111", /hundred most used/],
  ["password1234567", /commonly used/],
  ["P@ssw0rd!", /commonly used/],
  ["passwordpassword", /repeats/],
  ["aaaaaaaab", /repeats one character/],
  ["abcdefgh", /sequence/],
  ["asdfghjkl;'", /row of keys/],
  ["1qaz2wsx3edc4rfv", /commonly used/],
  ["aifacadeaifacade", /this product's/],
  ["AIFacade123!", /this product's/],
  ["deepseek1", /this product's/],
  ["margaret1", /your name/],
  ["Margaret.Hamilton", /your name/],
  ["hamiltonMargaret1", /your name/],
  ["margaret@aifacade", /your name/],
] as const) {
  test(`${password} is refused, and the reason is said`, async () => {
    const sentence = (await weakness(password, "Margaret Hamilton")) ?? "";
    assert.match(sentence, /^This password would be guessed quickly\. It /);
    assert.match(sentence, reason);
  });
}

for (const password of [
  "correct horse battery staple",
  "nanoseconds of wire",
  "x9!kQ2zW",
  "fifteen lower letters",
  "margaret walks 41 turtles",
  "длинная парольная фраза",
  "🦊🐙🌵🎈🪁🧭🍋🛶",
  "8g2vq0zj".repeat(20).concat("end"),
]) {
  test(`${password.slice(0, 30)} is fine, with no rule about its kinds of characters`, async () => {
    assert.equal(await weakness(password, "Margaret Hamilton"), null);
  });
}
