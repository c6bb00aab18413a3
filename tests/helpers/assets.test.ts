import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { readAssets } from "../../src/helpers/assets.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "assets-"));
mkdirSync(path.join(folder, "css"));
writeFileSync(path.join(folder, "css", "b.css"), "b {}");
writeFileSync(path.join(folder, "css", "_a.css"), "a {}");
mkdirSync(path.join(folder, "css", "standalone"));
writeFileSync(path.join(folder, "css", "standalone", "c.css"), "c {}");
writeFileSync(path.join(folder, "app.js"), "1");
after(() => rmSync(folder, { recursive: true }));

test("stylesheets come in the order of their names, and no other file with them, nor those that a single page asks for", () => {
  assert.deepEqual(readAssets(folder).stylesheets, ["css/_a.css", "css/b.css"]);
});

test("an address holds the version, which changes with any file", () => {
  const before = readAssets(folder);
  assert.equal(before.url("app.js"), `/assets/${before.version}/app.js`);
  assert.equal(readAssets(folder).version, before.version);

  writeFileSync(path.join(folder, "app.js"), "2");
  assert.notEqual(readAssets(folder).version, before.version);
});

test("an icon is a picture that screen readers pass over", () => {
  const { icon, url } = readAssets(folder);
  const use = `<use href="${url("images/icons.svg")}#copy"/>`;
  assert.equal(icon("copy"), `<svg class="icon" aria-hidden="true">${use}</svg>`);
});
