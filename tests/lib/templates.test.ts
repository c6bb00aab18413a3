import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { readTemplates } from "../../src/lib/templates.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "aifacade-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, source: string) {
  const file = path.join(folder, `${name}.ejs`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, source);
}

write(
  "page",
  '<%# locals: who -%>\n<h1><%= shout(who) %></h1>\n<%- include("parts/_list", { items: [who, "<b>"] }) -%>\n',
);
write(
  "parts/_list",
  '<%# locals: items -%>\n<% for (const item of items) { -%>\n<%- include("parts/_item", { item }) %>\n<% } -%>\n',
);
write("parts/_item", "<%# locals: item -%>\n<p><%= item %></p>");
write("parts/_curious", "<%= who %>");
write("leak", '<%# locals: who -%>\n<%- include("parts/_curious", {}) %>');
write("broken", "<%# locals: item -%>\n<p>\n<%= item.name.first %></p>");

const render = readTemplates(folder, { shout: (text: string) => text.toUpperCase() });

test("a page includes its parts, and what is written is escaped", () => {
  assert.equal(
    render("page", { who: "ada & bob" }),
    "<h1>ADA &amp; BOB</h1>\n<p>ada &amp; bob</p>\n<p>&lt;b&gt;</p>\n",
  );
});

test("a part knows only what it was given", () => {
  assert.throws(() => render("leak", { who: "ada" }), /_curious\.ejs[\s\S]*who is not defined/);
});

test("what is declared and not given is an error that names it", () => {
  assert.throws(() => render("page", {}), /page\.ejs takes who, which was not given/);
  assert.doesNotThrow(() => render("parts/_item", { item: undefined }));
});

test("an error says which line of which template", () => {
  assert.throws(() => render("broken", { item: {} }), /broken\.ejs:3[\s\S]* >> 3\| <%= item/);
});

test("templates are read once, and each time while they are being written", () => {
  const fresh = readTemplates(folder, {}, true);
  assert.equal(fresh("parts/_item", { item: 1 }), "<p>1</p>");
  write("parts/_item", "<%# locals: item -%>\n<i><%= item %></i>");

  assert.equal(fresh("parts/_item", { item: 1 }), "<i>1</i>");
  assert.equal(render("parts/_item", { item: 1 }), "<p>1</p>");
});

test("a polluted prototype gives no template anything", () => {
  Object.assign(Object.prototype, { polluted: "polluted", who: "polluted" });

  try {
    assert.throws(() => render("page", {}), /which was not given/);
  } finally {
    Reflect.deleteProperty(Object.prototype, "polluted");
    Reflect.deleteProperty(Object.prototype, "who");
  }
});
