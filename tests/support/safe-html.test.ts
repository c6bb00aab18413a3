import assert from "node:assert/strict";
import { test } from "node:test";
import { assertSafeHtml } from "./safe-html.js";
import { XSS_CORPUS } from "./xss-corpus.js";

const UNSAFE = [
  "<script>1</script>",
  "<img src=x>",
  "<p onclick=x>",
  "<p id=x>",
  "<p style=x>",
  "<!-- x -->",
  '<a href="javascript:x" rel="noopener noreferrer nofollow" target="_blank">x</a>',
  '<a href="https://example.org">x</a>',
  '<a href="/x" rel="noopener noreferrer nofollow" target="_blank">x</a>',
  '<ol start="x"></ol>',
  "<h1>x</h1>",
  "<svg></svg>",
];

for (const html of UNSAFE) {
  test(`${html} is found`, () => {
    assert.throws(() => assertSafeHtml(html), assert.AssertionError);
  });
}

test("most of the corpus is unsafe when it is not rendered", () => {
  const found = XSS_CORPUS.filter((payload) => {
    try {
      assertSafeHtml(payload);
      return false;
    } catch {
      return true;
    }
  });

  assert.ok(found.length > 100, `${found.length} of ${XSS_CORPUS.length}`);
});

test("text and what was allowed pass", () => {
  assertSafeHtml("a &lt;b&gt; <p>c</p>");
  assertSafeHtml('<main id="x"><p>c</p></main>', { allow: { main: ["id"] } });
});
