import assert from "node:assert/strict";
import { test } from "node:test";
import { safePath, signInForm } from "../../src/forms/sign-in.js";

for (const path of [
  "/",
  "/account",
  "/conversations?page=2",
  "/conversations/q1w2-E3?message=4&before=5",
  "/%2f%2fevil.example",
  "/@evil.example",
  "/?next=//evil.example",
]) {
  test(`${path} is a path on this site`, () => {
    assert.equal(safePath(path), path);
  });
}

for (const [what, path] of [
  ["another host", "//evil.example"],
  ["three slashes", "///evil.example"],
  ["a backslash, which browsers take for a slash", "/\\evil.example"],
  ["a backslash further on", "/a\\..\\\\evil.example"],
  ["two dots before two slashes", "/..//evil.example"],
  ["one dot before two slashes", "/.//evil.example"],
  ["escaped dots before two slashes", "/%2e%2e//evil.example"],
  ["dots that eat a folder", "/a/..//evil.example"],
  ["a scheme", "https://evil.example"],
  ["a scheme without slashes", "https:evil.example"],
  ["a script", "javascript:alert(1)"],
  ["a tab, which browsers drop", "/\t/evil.example"],
  ["a line break", "/a\r\nSet-Cookie: a=b"],
  ["a NUL", "/\0/evil.example"],
  ["a space before it", " //evil.example"],
  ["no slash", "evil.example"],
  ["nothing", ""],
  ["two of them", ["/a", "/b"]],
  ["an object", { a: "/b" }],
  ["null", null],
] as const) {
  test(`instead of ${what}, the way leads to the chat`, () => {
    assert.equal(safePath(path), "/");
  });
}

test("a very long path stays a path", () => {
  assert.match(safePath(`/${"a".repeat(100_000)}`), /^\/a+$/);
});

test("a login needs a name and a password, each one text", () => {
  for (const input of [
    undefined,
    null,
    "ada",
    {},
    { username: "ada" },
    { username: "ada", password: "" },
    { username: "", password: "x" },
    { username: ["ada", "bob"], password: "x" },
    { username: "ada", password: { a: "x" } },
  ]) {
    assert.equal(signInForm(input).ok, false, JSON.stringify(input));
  }
});

test("a refused login keeps what was typed, but never the password", () => {
  const input = { username: "ada", prompt: "Half a thought", next: "/account", password: ["x"] };
  const form = signInForm(input);

  assert.equal(form.ok, false);
  assert.equal(!form.ok && form.values.prompt, "Half a thought");
  assert.equal(!form.ok && "password" in form.values, false);
});
