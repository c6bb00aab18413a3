import assert from "node:assert/strict";
import { test } from "node:test";
import { extensionOf } from "../../src/rendering/extensions.js";

for (const [language, extension] of [
  ["python", "py"],
  ["py", "py"],
  ["c++", "cpp"],
  ["tsx", "tsx"],
  ["ts", "ts"],
  ["html", "html"],
  ["sh", "sh"],
  ["constructor", "txt"],
  ["../../x", "txt"],
  ["", "txt"],
] as const) {
  test(`a file in "${language}" ends with .${extension}`, () => {
    assert.equal(extensionOf(language), extension);
  });
}
