import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../support/app.js";
import { statementsOf } from "../support/statements.js";

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
