import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../support/app.js";
import * as scenario from "../support/fake-deepseek.js";
import { statementsOf } from "../support/statements.js";

const LARGEST = 4 * 1024 * 1024;

const app = await startApp();
const disk = await import("../../src/stores/disk.js");
const generations = await import("../../src/models/generations.js");
const { RENDERER_VERSION } = await import("../../src/rendering/markdown.js");
const ada = await app.signedIn("ada");
const path = await ada.ask("First");
for (const question of ["Second", "Third"]) {
  await ada.settled(path);
  await ada.ask(question, { conversation: String(path.split("/").at(-1)) });
}
await ada.settled(path);

function outdate() {
  app.database.exec(
    "UPDATE Message SET rendererVersion = 0, html = 'outdated' WHERE role = 'answer'",
  );
}

function outdated() {
  return app.database.prepare("SELECT id FROM Message WHERE html = 'outdated'").all().length;
}

test("what a page renders anew is kept by one commit", async (t) => {
  outdate();
  const { mock } = t.mock.method(Object.getPrototypeOf(app.database), "exec");
  const page = await ada.get(path);
  const commits = mock.calls.filter(
    (call: { arguments: unknown[] }) => call.arguments[0] === "COMMIT",
  );

  assert.doesNotMatch(page.html, /outdated/);
  assert.equal(outdated(), 0);
  assert.equal(commits.length, 1);
});

test("while the largest answers are rendered anew, another answer goes on word by word", async () => {
  const pieces = ["**a** `b`\n\n", "```js\nlet a;\n```\n\n", "- a\n  - > b\n"];
  const store = app.database.prepare(
    "UPDATE Message SET body = ?, rendererVersion = 0 WHERE id = ?",
  );
  const answers = app.database
    .prepare("SELECT id FROM Message WHERE role = 'answer'")
    .pluck()
    .all();
  const before = app.database.prepare("SELECT id, body FROM Message WHERE role = 'answer'").all();
  for (const [index, piece] of pieces.entries()) {
    store.run(piece.repeat(LARGEST / piece.length), answers[index]);
  }

  const words = Array.from({ length: 150 }, (_, index) => `word${index} `);
  const bob = await app.signedIn("bob");
  app.fake.next(scenario.answer({ content: words.join(""), reasoning: "", tokenMs: 20 }));
  const page = await bob.get(await bob.ask("Slowly, please"));
  const order: string[] = [];
  const reading = bob.events(String(page.$("message-stream").attr("src")), ({ event }) => {
    order.push(event);
    return false;
  });
  const { html } = await ada.get(path).finally(() => order.push("the page"));
  await reading;

  assert.match(html, /<strong>a<\/strong>/);
  assert.match(html, /<pre class="plain"/);
  assert.ok(
    order.slice(0, order.indexOf("the page")).filter((event) => event === "patch").length > 3,
    order.join(" "),
  );
  assert.equal(order.filter((event) => event !== "the page").at(-1), "done");
  for (const { id, body } of before as { id: number; body: string }[]) store.run(body, id);
});

test("on a disk that takes no writes it is shown, and nothing is tried", async () => {
  outdate();
  disk.meet("full", "");
  const statements = await statementsOf(async () => {
    assert.match((await ada.get(path)).words(".message--answer"), /First.*Second.*Third/);
  });
  disk.overcome();

  assert.deepEqual(
    statements.filter((sql) => /UPDATE/.test(sql)),
    [],
  );
});

test("what was rendered too late changes nothing", async () => {
  await ada.get(path);
  const html = { html: "too late", reasoningHtml: "", rendererVersion: RENDERER_VERSION };
  await generations.keepHtml(2, html);
  assert.doesNotMatch((await ada.get(path)).html, /too late/);
});
