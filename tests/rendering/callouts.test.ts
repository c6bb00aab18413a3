import assert from "node:assert/strict";
import { test } from "node:test";
import { renderMarkdown } from "../../src/rendering/markdown.js";

for (const kind of ["Note", "Tip", "Important", "Warning", "Caution"]) {
  test(`a quote that begins with [!${kind.toUpperCase()}] is a callout`, () => {
    assert.equal(
      renderMarkdown(`> [!${kind.toUpperCase()}]\n> Mind **this**.`),
      `<div class="callout callout--${kind.toLowerCase()}" role="note">\n<p class="callout__title">${kind}</p>\n` +
        "<p>Mind <strong>this</strong>.</p>\n</div>",
    );
  });
}

test("a callout holds blocks, and its title may stand alone", () => {
  assert.match(renderMarkdown("> [!note]\n>\n> - a"), /<p class="callout__title">Note<\/p>\n<ul>/);
});

for (const text of ["> [!NOTE] and more", "> [!OTHER]\n> x", "> x\n> [!NOTE]", "[!NOTE]\nx"]) {
  test(`${JSON.stringify(text)} is no callout`, () => {
    assert.doesNotMatch(renderMarkdown(text), /callout/);
  });
}

test("a callout in a quote leaves the quote as it is", () => {
  assert.match(
    renderMarkdown("> a\n>\n> > [!TIP]\n> > b\n>\n> c"),
    /^<blockquote>[\s\S]*<div class="callout callout--tip"[\s\S]*<\/div>\n<p>c<\/p>\n<\/blockquote>$/,
  );
});
