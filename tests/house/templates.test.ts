import assert from "node:assert/strict";
import { test } from "node:test";
import { filesIn, read } from "./sources.js";

const templates = filesIn("views", ".ejs");

// What EJS runs is not what the browser sees; in attributes it leaves nothing behind.
function markup(file: string): string {
  return read(file).replace(/<%[\s\S]*?%>/g, "");
}

for (const [what, pattern] of [
  ["script of their own", /<script(?![^>]*\ssrc=)[^>]*>|<script[^>]*>\s*[^<\s]/i],
  ["handlers in attributes", /\son[a-z]+\s*=/i],
  ["styles of their own", /\sstyle\s*=|<style/i],
  ["script in addresses", /javascript:/i],
  ["anything of another host", /\s(?:src|href|action|srcset|poster)\s*=\s*"?(?:https?:)?\/\//i],
  ["frames or plug-ins", /<(?:iframe|frame|object|embed|base)\b/i],
] as const) {
  test(`templates hold no ${what}`, () => {
    assert.deepEqual(
      templates.filter((file) => pattern.test(markup(file))),
      [],
    );
  });
}

// A search, or a choice of days, changes nothing, and its address can be kept.
const SEARCH = /method="get" action="\/search" role="search"|class="period__form" method="get">/;

test("every form that changes something posts, to an address of this site", () => {
  for (const file of templates) {
    const forms = markup(file).match(/<form\b[^>]*>/g) ?? [];
    for (const form of forms.filter((each) => !SEARCH.test(each)))
      assert.match(form, /method="post" action="(?:\/|")/, `${file}: ${form}`);
  }
});
