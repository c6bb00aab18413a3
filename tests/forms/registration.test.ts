import assert from "node:assert/strict";
import { test } from "node:test";
import { registrationForm } from "../../src/forms/registration.js";

const PASSWORD = "a plain test passphrase";

for (const [what, username] of [
  ["three characters", "ada"],
  ["80 characters", "a".repeat(80)],
  ["three emoji", "🦊🐙🌵"],
  ["80 characters of four bytes each", "🦊".repeat(80)],
  ["accents", "Ångström"],
  ["another script", "Ада Лавлейс"],
  ["right-to-left letters", "עדה לאבלייס"],
  ["an apostrophe and a space", "Grace O'Malley"],
  ["markup, which is only text", "<b>ada</b>"],
] as const) {
  test(`a name of ${what} is welcome as it is`, () => {
    const form = registrationForm({ username, password: PASSWORD }, 8);
    assert.equal(form.ok && form.value.username, username.normalize("NFC"));
  });
}

for (const [what, username] of [
  ["two characters", "ab"],
  ["two characters of four bytes each", "🦊🐙"],
  ["81 characters", "a".repeat(81)],
  ["spaces only", "     "],
  ["a right-to-left override", "ada\u202egnp.exe"],
  ["a right-to-left isolate", "ada\u2067x\u2069"],
  ["a zero-width space", "ada\u200bx"],
  ["a zero-width joiner", "ada\u200dx"],
  ["a word joiner", "ada\u2060x"],
  ["a byte order mark", "a\ufeffda"],
  ["a soft hyphen", "ad\u00adax"],
  ["a variation selector", "ada\ufe0fx"],
  ["a grapheme joiner", "ad\u034fax"],
  ["a Hangul filler", "ada\u3164x"],
  ["an empty Braille cell", "ada\u2800x"],
  ["a no-break space", "ada\u00a0x"],
  ["a wide space", "ada\u3000x"],
  ["a line break", "ada\nlovelace"],
  ["a NUL", "ada\0"],
  ["an escape character", "ada\u001b[31m"],
  ["a tag character", "ada\u{e0061}x"],
  ["a private character", "ada\ue000x"],
  ["half a surrogate pair", "ada\ud83dx"],
] as const) {
  test(`a name with ${what} is refused`, () => {
    const form = registrationForm({ username, password: PASSWORD }, 8);
    assert.ok(!form.ok && form.errors.username);
  });
}

test("a name is stored composed, without the spaces around it", () => {
  const form = registrationForm({ username: "  Rene\u0301  ", password: PASSWORD }, 8);
  assert.equal(form.ok && form.value.username, "Ren\u00e9");
});

for (const [what, password] of [
  ["eight characters", "x9!kQ2zW"],
  ["eight emoji", "🦊🐙🌵🎈🪁🧭🍋🛶"],
  ["4,096 characters", "x9".repeat(2048)],
  ["spaces around it", "  x9!kQ2  "],
  ["a NUL inside", "x9!k\0Q2zW"],
  ["decomposed letters", "Rene\u0301 Rene\u0301"],
] as const) {
  test(`a password of ${what} is taken exactly as given`, () => {
    const form = registrationForm({ username: "ada", password }, 8);
    assert.equal(form.ok && form.value.password, password);
  });
}

for (const [what, password] of [
  ["seven characters", "x9!kQ2z"],
  ["seven emoji, though they are 28 bytes", "🦊🐙🌵🎈🪁🧭🍋"],
  ["nothing", ""],
  ["more than anybody types", "x".repeat(4097)],
  ["two passwords", ["x9!kQ2zW", "x9!kQ2zW"]],
] as const) {
  test(`${what} is no password`, () => {
    const form = registrationForm({ username: "ada", password }, 8);
    assert.ok(!form.ok && form.errors.password);
    assert.equal(!form.ok && form.values.username, "ada");
  });
}

test("the shortest length is the administrator's", () => {
  const form = registrationForm({ username: "ada", password: "fourteen chars" }, 15);
  assert.match((!form.ok && form.errors.password) || "", /15 characters/);
});

test("whatever else is sent is not taken", () => {
  const input = { id: "1", administrator: "true", founder: "1", createdAt: "x" };
  const form = registrationForm({ username: "ada", password: PASSWORD, ...input }, 8);
  assert.deepEqual(form.ok && Object.keys(form.value), ["username", "password", "setupToken"]);
});
