import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Broadcast,
  type Progress,
  type RunEvent,
  type Texts,
} from "../../src/generator/broadcast.js";
import { renderBlocks } from "../../src/rendering/markdown.js";
import { applyPatch } from "../support/apply-patch.js";

const progress: Progress = { phase: "writing", seconds: 0, retry: null };

function texts(body: string, reasoning = ""): Texts {
  return { body, reasoning, progress };
}

/** A reader that notes what it is told, and holds what a browser would. */
class Reader {
  congested = false;
  lastId = "";
  readonly types: string[] = [];
  answer: readonly string[] = [];

  receive = (event: RunEvent, id: string) => {
    this.types.push(event.type);
    this.lastId = id;
    if (event.type === "snapshot") this.answer = event.answer;
    if (event.type === "patch") this.answer = applyPatch(this.answer, event.answer ?? null);
  };
}

test("a reader begins with everything so far, and then gets what is new", () => {
  const broadcast = new Broadcast();
  const reader = new Reader();
  broadcast.join(reader, texts("One.\n\nTw"), null);
  broadcast.flush(texts("One.\n\nTwo."));
  broadcast.flush(texts("One.\n\nTwo."));

  assert.deepEqual(reader.types, ["snapshot", "patch"]);
  assert.deepEqual(reader.answer, renderBlocks("One.\n\nTwo."));
});

test("a slow reader gets nothing while it is congested, and then everything at once; others get all", () => {
  const broadcast = new Broadcast();
  const [slow, quick] = [new Reader(), new Reader()];
  for (const reader of [slow, quick]) broadcast.join(reader, texts(""), null);
  slow.congested = true;
  for (const body of ["a", "a b", "a b c"]) broadcast.flush(texts(body));
  assert.deepEqual(slow.types, ["snapshot"]);

  slow.congested = false;
  broadcast.flush(texts("a b c"));
  broadcast.flush(texts("a b c d"));
  assert.deepEqual(slow.types, ["snapshot", "snapshot", "patch"]);
  assert.deepEqual(quick.types, ["snapshot", "patch", "patch", "patch", "patch"]);
  assert.deepEqual(slow.answer, quick.answer);
});

test("who comes back with the newest id goes on from there, with any other begins anew", () => {
  const broadcast = new Broadcast();
  const first = new Reader();
  broadcast.join(first, texts("Some"), null);
  broadcast.leave(first);

  const current = new Reader();
  broadcast.join(current, texts("Some"), first.lastId);
  const late = new Reader();
  broadcast.join(late, texts("Some more"), first.lastId);
  assert.deepEqual(current.types, ["patch"]);
  assert.deepEqual(late.types, ["snapshot"]);
});

test("at the end every reader holds the blocks of the whole text", () => {
  const body = "See [this].\n\n**bold\n\n[this]: https://example.com/";
  const broadcast = new Broadcast();
  const reader = new Reader();
  broadcast.join(reader, texts(body.slice(0, 20)), null);
  broadcast.finish(texts(body));
  broadcast.close({ type: "end" });

  assert.deepEqual(reader.answer, renderBlocks(body));
  assert.equal(reader.types.at(-1), "end");
  assert.equal(broadcast.isHeard, false);
});

test("the same progress is told once", () => {
  const broadcast = new Broadcast();
  const reader = new Reader();
  broadcast.join(reader, texts(""), null);
  for (const seconds of [1, 1, 2]) {
    broadcast.tellProgress({ ...texts(""), progress: { phase: "queued", seconds, retry: null } });
  }
  assert.deepEqual(reader.types, ["snapshot", "progress", "progress"]);
});

test("a reader who has left is told nothing, the end neither", () => {
  const broadcast = new Broadcast();
  const reader = new Reader();
  broadcast.join(reader, texts("a"), null);
  broadcast.leave(reader);
  broadcast.flush(texts("a b"));
  broadcast.close({ type: "end" });
  assert.deepEqual(reader.types, ["snapshot"]);
});
