import assert from "node:assert/strict";
import { test } from "node:test";
import { progressHtml, progressText } from "../../src/helpers/progress.js";

const still = { seconds: 0, retry: null, saved: true };
const retry = { attempt: 1, failure: "busy" };

for (const [progress, text] of [
  [{ phase: "sending", ...still }, "Asking M…"],
  [{ phase: "sending", ...still, seconds: 2 }, "Waiting for M, 2 s"],
  [{ phase: "queued", ...still, seconds: 7 }, "Waiting for M, 7 s in its queue"],
  [
    { phase: "retrying", ...still, retry },
    "The model's server has too many requests at this moment. Trying again (attempt 2)…",
  ],
  [{ phase: "thinking", ...still, seconds: 3 }, "Thinking, 3 s"],
  [{ phase: "writing", ...still, seconds: 3 }, ""],
] as const) {
  test(`while ${progress.phase} for ${progress.seconds} s it says: ${text || "nothing"}`, () => {
    assert.equal(progressText(progress, "M"), text);
  });
}

test("the name of a model is no markup", () => {
  const html = progressHtml({ phase: "sending", ...still }, "<b onclick=alert(1)>");
  assert.match(html, /Asking &lt;b onclick=alert\(1\)&gt;…/);
});

test("while it writes there is no line at all", () => {
  assert.equal(progressHtml({ phase: "writing", ...still }, "M"), "");
});

test("what is not saved is said beside what is going on, and when all is written", () => {
  const unsaved = { ...still, saved: false };
  assert.match(progressText({ phase: "writing", ...unsaved }, "M"), /^Not saved yet: the server/);
  assert.match(progressText({ phase: "thinking", ...unsaved }, "M"), /^Thinking… Not saved yet:/);
  assert.match(
    progressText({ phase: "ended", ...unsaved }, "M"),
    /^The answer has ended\. Not saved yet:/,
  );
});
