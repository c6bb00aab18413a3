import assert from "node:assert/strict";
import { test } from "node:test";
import { Broadcast, type Progress, type RunEvent } from "../../src/generator/broadcast.js";
import { renderBlocks } from "../../src/rendering/markdown.js";
import { applyPatch } from "../support/apply-patch.js";

const progress: Progress = {
  phase: "writing",
  seconds: 0,
  retry: null,
  thoughtForMs: null,
  saved: true,
};

/** A broadcast of a text that is given as a whole each time. */
function broadcasting() {
  const broadcast = new Broadcast(1);
  let written = 0;
  const write = (text: string) => {
    broadcast.write("answer", text.slice(written));
    written = text.length;
  };
  const flush = (text: string) => {
    write(text);
    broadcast.flush(progress);
  };
  const join = (reader: Reader, text: string, lastId: string | null = null) => {
    write(text);
    broadcast.join(reader, progress, lastId);
  };
  return { broadcast, write, flush, join };
}

/** A reader that notes what it is told, and holds what a browser would. */
class Reader {
  congested = false;
  lastId = "";
  readonly types: string[] = [];
  answer: readonly string[] = [];
  held: boolean | null = null;

  receive = (event: RunEvent, id: string) => {
    this.types.push(event.type);
    this.lastId = id;
    if (event.type === "end") this.held = event.held;
    if (event.type === "snapshot") this.answer = event.answer;
    if (event.type === "patch") this.answer = applyPatch(this.answer, event.answer ?? null);
  };
}

test("a reader begins with everything so far, and then gets what is new", () => {
  const { flush, join } = broadcasting();
  const reader = new Reader();
  join(reader, "One.\n\nTw");
  flush("One.\n\nTwo.");
  flush("One.\n\nTwo.");

  assert.deepEqual(reader.types, ["snapshot", "patch"]);
  assert.deepEqual(reader.answer, renderBlocks("One.\n\nTwo."));
});

test("a slow reader gets nothing while it is congested, and then everything at once; others get all", () => {
  const { flush, join } = broadcasting();
  const [slow, quick] = [new Reader(), new Reader()];
  for (const reader of [slow, quick]) join(reader, "");
  slow.congested = true;
  for (const body of ["a", "a b", "a b c"]) flush(body);
  assert.deepEqual(slow.types, ["snapshot"]);

  slow.congested = false;
  flush("a b c");
  flush("a b c d");
  assert.deepEqual(slow.types, ["snapshot", "snapshot", "patch"]);
  assert.deepEqual(quick.types, ["snapshot", "patch", "patch", "patch", "patch"]);
  assert.deepEqual(slow.answer, quick.answer);
});

test("who comes back with the newest id goes on from there, with any other begins anew", () => {
  const { broadcast, join } = broadcasting();
  const first = new Reader();
  join(first, "Some");
  broadcast.leave(first);

  const current = new Reader();
  join(current, "Some", first.lastId);
  const late = new Reader();
  join(late, "Some more", first.lastId);
  assert.deepEqual(current.types, ["patch"]);
  assert.deepEqual(late.types, ["snapshot"]);
});

test("at the end every reader holds the blocks of the whole text", async () => {
  const body = "See [this].\n\n**bold\n\n[this]: https://example.com/";
  const { broadcast, write, join } = broadcasting();
  const reader = new Reader();
  join(reader, body.slice(0, 20));
  write(body);
  await broadcast.finish(progress, { body, reasoning: "" });
  broadcast.close("end");

  assert.deepEqual(reader.answer, renderBlocks(body));
  assert.equal(reader.types.at(-1), "end");
  assert.equal(broadcast.isHeard, false);
});

test("what was too much to be rendered beside others is whole at the end", async () => {
  const code = "let a = f(1); // b\n".repeat(200);
  const body = `See [this].\n\n\`\`\`js\n${code}\`\`\`\n\n${"- **a**\n".repeat(3000)}\n[this]: https://example.com/`;
  const { broadcast, write, join } = broadcasting();
  const reader = new Reader();
  join(reader, body.slice(0, 20));
  write(body);
  await broadcast.finish(progress, { body, reasoning: "" });

  assert.deepEqual(reader.answer, renderBlocks(body, "m1"));
});

test("much that comes at once is shown part by part, without anything new", () => {
  const { broadcast, flush, join } = broadcasting();
  const reader = new Reader();
  const text = "**word**\n\n".repeat(2000);
  join(reader, "");
  flush(text);
  const atFirst = reader.answer.length;
  for (let count = 0; count < 100; count += 1) broadcast.flush(progress);

  assert.ok(atFirst > 0 && atFirst < 1000, `${atFirst} blocks`);
  assert.deepEqual(reader.answer, renderBlocks(text));
});

test("who did not take all of the text is told so at the end", async () => {
  const { broadcast, join, flush } = broadcasting();
  const [slow, quick] = [new Reader(), new Reader()];
  for (const reader of [slow, quick]) join(reader, "");
  slow.congested = true;
  flush("a b");
  await broadcast.finish(progress, { body: "a b", reasoning: "" });
  broadcast.close("end");

  assert.deepEqual([slow.held, quick.held], [false, true]);
});

test("the same progress is told once", () => {
  const { broadcast, join } = broadcasting();
  const reader = new Reader();
  join(reader, "");
  for (const seconds of [1, 1, 2]) {
    broadcast.tellProgress({
      phase: "queued",
      seconds,
      retry: null,
      thoughtForMs: null,
      saved: true,
    });
  }
  assert.deepEqual(reader.types, ["snapshot", "progress", "progress"]);
});

test("a reader who has left is told nothing, the end neither", () => {
  const { broadcast, flush, join } = broadcasting();
  const reader = new Reader();
  join(reader, "a");
  broadcast.leave(reader);
  flush("a b");
  broadcast.close("end");
  assert.deepEqual(reader.types, ["snapshot"]);
});
