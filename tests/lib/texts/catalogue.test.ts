import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { readCatalogue, readTranslation } from "../../../src/lib/texts/catalogue.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "aifacade-texts-"));
after(() => rmSync(folder, { recursive: true }));

const english = readCatalogue(
  file({
    language: "en",
    messages: {
      "Log in": "Log in",
      "By <a>{name}</a>": "By <a>{name}</a>",
      "{count} answers": { one: "{count} answer", other: "{count} answers" },
    },
  }),
);

function file(content: unknown): string {
  const name = path.join(folder, "xx.json");
  writeFileSync(name, typeof content === "string" ? content : JSON.stringify(content));
  return name;
}

function translated(messages: unknown, language: unknown = "pl") {
  return readTranslation(file({ language, messages }), english);
}

test("a translation says what it says, and what it leaves out or empty is English", () => {
  const { messages } = translated({ "Log in": "", "By <a>{name}</a>": "<a>{name}</a> 1" });
  assert.deepEqual([...messages], [["By <a>{name}</a>", "<a>{name}</a> 1"]]);
});

test("a text that counts has the forms of its language; one that names its number may leave it out", () => {
  const forms = { one: "odpowiedź", few: "{count} odpowiedzi", other: "{count} odpowiedzi" };
  assert.deepEqual(translated({ "{count} answers": forms }).messages.get("{count} answers"), forms);
});

test("texts that no page has any more are named", () => {
  assert.deepEqual(translated({ Gone: "Weg" }).unknown, ["Gone"]);
});

for (const [what, messages, complaint] of [
  ["a forgotten value", { "By <a>{name}</a>": "<a>x</a>" }, /"By <a>\{name\}<\/a>" lacks \{name\}/],
  ["an invented value", { "Log in": "{name}" }, /"Log in" has \{name\}/],
  ["a forgotten tag", { "By <a>{name}</a>": "{name}<a>" }, /lacks <\/a>/],
  ["an invented tag", { "Log in": "<b>!" }, /has <b>/],
  ["forms where there are none", { "Log in": { other: "x" } }, /"Log in" is one text/],
  ["one text where forms are needed", { "{count} answers": "{count}" }, /needs its forms/],
  ["forms without the last", { "{count} answers": { one: "x" } }, /lacks the form "other"/],
  ["a form of another language", { "{count} answers": { two: "x", other: "{count}" } }, /"two"/],
  ["the last form without its number", { "{count} answers": { other: "x" } }, /lacks \{count\}/],
  ["a number for a text", { "Log in": 1 }, /"messages" in "Log in" is not as/],
  ["no messages", undefined, /"messages" is not as/],
] as const) {
  test(`${what} is refused with its key and file`, () => {
    assert.throws(() => translated(messages), complaint);
    assert.throws(() => translated(messages), /xx\.json/);
  });
}

test("what is no language, no JSON, or no file is refused in one line", () => {
  assert.throws(() => translated({}, "no language"), /"language" is no language tag/);
  for (const name of [file("{"), path.join(folder, "none.json")]) {
    assert.throws(() => readTranslation(name, english), /^\S*Error: \S+\.json cannot be read: .+$/);
  }
});
