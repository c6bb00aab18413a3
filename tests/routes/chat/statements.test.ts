import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../support/app.js";
import * as scenario from "../../support/fake-deepseek.js";
import { statementsOf } from "../../support/statements.js";

const app = await startApp();
const ada = await app.signedIn("ada");

function idOf(path: string): string {
  return path.split("/").at(-1) ?? "";
}

/** Of a few tries the one with the fewest: the clock of running answers may have had its turn beside a page. */
async function fewestStatements(work: () => Promise<unknown>): Promise<string[]> {
  const tries: string[][] = [];
  for (let count = 0; count < 5; count += 1) tries.push(await statementsOf(work));
  return tries.toSorted((a, b) => a.length - b.length)[0] ?? [];
}

test("a page of the chat takes at most six statements, everything included", async () => {
  const ida = await app.signedIn("ida");
  const first = await ida.ask("First");
  await ida.settled(first);
  const second = await ida.talk("Second", { conversation: idOf(first) });
  const [question, , last] = second
    .$(".message")
    .toArray()
    .map(({ attribs }) => String(attribs.id).replace("message-", ""));
  app.fake.next(scenario.hold(["Well, "]));
  const running = await ida.ask("Running");

  for (const path of [
    "/",
    "/home",
    first,
    `${first}?before=3`,
    `${first}?from=3`,
    `${first}?message=${question}`,
    `/messages/${last}/versions/new`,
    running,
    "/conversations",
    "/archive",
    "/trash",
    "/sidebar",
    "/account",
  ]) {
    const statements = await fewestStatements(() => ida.get(path));
    assert.ok(
      statements.length > 1 && statements.length <= 6,
      `${path}: ${statements.length}\n${statements.join("\n")}`,
    );
  }
  await ida.post("/clear");
});

test("a rendered answer is not rendered again, until the renderer is a newer one", async () => {
  const path = await ada.ask("Render me");
  await ada.settled(path);
  const answer =
    "SELECT html, rendererVersion FROM Message WHERE role = 'answer' ORDER BY id DESC LIMIT 1";
  const change = (set: string) =>
    app.database.exec(`UPDATE Message SET ${set} WHERE id = (SELECT max(id) FROM Message)`);

  change("html = '<p>as it was stored</p>', writtenAt = 'another time'");
  assert.match((await ada.get(path)).html, /<p>as it was stored<\/p>/);

  change("rendererVersion = 0");
  const page = await ada.get(path);
  assert.doesNotMatch(page.html, /as it was stored/);
  assert.match(page.words(".message--answer .message__body"), /Render me/);
  assert.match((app.database.prepare(answer).get() as { html: string }).html, /Render me/);
  assert.ok(
    (await statementsOf(() => ada.get(path))).every((sql) => !/^(UPDATE|INSERT)/i.test(sql)),
  );
});
