import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { after, type TestContext, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { Worker } from "node:worker_threads";
import * as cheerio from "cheerio";
import { XSS_CORPUS } from "../support/xss-corpus.js";
import { ANSWERS } from "./answers.js";

const folder = mkdtempSync(path.join(tmpdir(), "aifacade-"));
after(() => rmSync(folder, { recursive: true }));
// In the environment alone: the thread has it from there, too.
process.env.INTERFACE_LANGUAGE = path.join(folder, "de.json");
writeFileSync(
  process.env.INTERFACE_LANGUAGE,
  JSON.stringify({ language: "de", messages: { Copy: "Kopieren" } }),
);

const { renderInThread } = await import("../../src/rendering/in-thread.js");
const { renderBlocks, renderUncoloured } = await import("../../src/rendering/markdown.js");

const LARGEST = 4 * 1024 * 1024;
const CODE = "const a = f(1); // b\n";

const KINDS = {
  prose: "Some **bold** words, `code` and a [link](https://example.org/a).\n\n",
  "a block of code": CODE,
  "blocks of code": `\`\`\`js\n${CODE.repeat(30)}\`\`\`\n\n`,
  tables: "| a | b |\n|---|---|\n| **c** | `d` |\n\n",
  "nested lists and quotes": "- a\n  - **b**\n    > > - c\n\n",
  formulas: "So $a_1^2 + \\frac{b}{c}$ is\n\n$$\n\\sqrt{x}\n$$\n\n",
  "one line": "a",
  brackets: "[",
};

const TRIES = 3;
const MOST_SHARE = 0.5;

/** How much of the time that a text takes this thread is busy. */
async function shareOfThisThread(text: string): Promise<number> {
  const before = performance.eventLoopUtilization();
  const blocks = await renderInThread(text, "m1");
  const { utilization } = performance.eventLoopUtilization(before);

  // Where the machine has much else to do, colours may take too long.
  const whole = [renderBlocks(text, "m1"), renderUncoloured(text, "m1")];
  assert.ok(whole.some((expected) => isDeepStrictEqual(blocks, expected)));
  return utilization;
}

test("a thread renders what would be rendered here", async () => {
  for (const text of [...ANSWERS, ...XSS_CORPUS]) {
    assert.deepEqual(await renderInThread(text, "m1"), renderBlocks(text, "m1"));
  }
  assert.deepEqual(await renderInThread("", "m1"), []);
});

test("a thread speaks the language of this installation", async () => {
  assert.match((await renderInThread("```\na\n```", "m1")).join(""), />Kopieren</);
});

for (const [kind, piece] of Object.entries(KINDS)) {
  test(`4 MiB of ${kind} are rendered while others go on`, async () => {
    const opening = kind === "a block of code" ? "```js\n" : "";
    const text = opening + piece.repeat(Math.floor((LARGEST - opening.length) / piece.length));
    const shares = [await shareOfThisThread(text)];
    while (shares.length < TRIES && (shares.at(-1) ?? 1) > MOST_SHARE) {
      shares.push(await shareOfThisThread(text));
    }

    assert.ok((shares.at(-1) ?? 1) <= MOST_SHARE, `busy for ${shares} of the time`);
  });
}

test("F-45 T-60 code on which its grammar takes too long is plain, and all else is as ever", async () => {
  const code = "a ".repeat(20_000);
  const $ = cheerio.load(
    (await renderInThread(`**b**\n\n\`\`\`csharp\n${code}\n\`\`\``, "m1")).join(""),
  );

  assert.equal($("strong").text(), "b");
  assert.equal($("code.language-csharp").text().trim(), code.trim());
  assert.equal($("code span").length, 0);
});

const FAILURES = {
  "ends in the middle": (worker: Worker) => void worker.terminate(),
  "never answers": () => {},
  "has no memory left": (worker: Worker) =>
    post.call(worker, { text: "[^1]: a\n\nb[^1] c\n\n".repeat(2_000), scope: "x".repeat(1e6) }),
};
const post = Worker.prototype.postMessage;

for (const [what, fail] of Object.entries(FAILURES)) {
  test(`where the thread ${what}, a text is shown as it was written, says so, and the next is rendered`, async (t: TestContext) => {
    t.mock.method(Worker.prototype, "postMessage", function (this: Worker) {
      fail(this);
    });
    const text = "**a** <b>\n\n  c";
    const $ = cheerio.load((await renderInThread(text, "m1")).join(""));
    t.mock.restoreAll();

    assert.match($("p").text(), /Shown as plain text/);
    assert.equal($("pre.plain").text(), text);
    assert.deepEqual(await renderInThread(text, "m1"), renderBlocks(text, "m1"));
  });
}

test("texts wait for each other, and each gets its own", async () => {
  const texts = Array.from({ length: 20 }, (_, index) => `**${index}**`);
  assert.deepEqual(
    await Promise.all(texts.map((text) => renderInThread(text, "m1"))),
    texts.map((text) => renderBlocks(text, "m1")),
  );
});

test("without work there is no thread after a while", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const ended = t.mock.method(Worker.prototype, "terminate");
  await renderInThread("a", "m1");
  assert.equal(ended.mock.callCount(), 0);
  t.mock.timers.tick(60_000);
  t.mock.timers.reset();
  for (let tries = 0; tries < 100 && ended.mock.callCount() === 0; tries += 1) await wait(10);

  assert.equal(ended.mock.callCount(), 1);
  assert.notEqual((await ended.mock.calls[0]?.result) ?? null, null);
});

test("where no thread can be had, an ordinary text is rendered all the same, without colours", async (t) => {
  t.mock.method(Worker.prototype, "unref", function (this: Worker) {
    void this.terminate();
  });
  const text = "**a**\n\n```js\nconst b = 1;\n```";
  assert.deepEqual(await renderInThread(text, "m1"), renderUncoloured(text, "m1"));
  assert.match((await renderInThread("word ".repeat(5_000), "m1")).join(""), /Shown as plain text/);
  t.mock.restoreAll();

  assert.deepEqual(await renderInThread(text, "m1"), renderBlocks(text, "m1"));
});

test("what is urgent does not wait for what is not", async () => {
  const order: string[] = [];
  const rendered = (name: string, isUrgent: boolean) =>
    renderInThread("a", "m1", { isUrgent }).then(() => order.push(name));
  await Promise.all([rendered("1", false), rendered("2", false), rendered("3", true)]);

  assert.deepEqual(order, ["1", "3", "2"]);
});
