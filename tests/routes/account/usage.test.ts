import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../support/app.js";
import * as scenario from "../../support/fake-deepseek.js";
import type { Page, Visitor } from "../../support/visitor.js";

const app = await startApp();
const ada = await app.signedIn("ada");
const bob = await app.signedIn("bob");
const { wire } = scenario;

// One price, the same at all times: 120 tokens read, 64 of them from the cache, and 40 written cost 0.000033 dollars.
app.database.exec("UPDATE Price SET validFrom = 0, peakWeek = '', note = ''");

const idOf = (path: string) => path.split("/").at(-1) ?? "";
const figure = (page: Page, name: string) =>
  page
    .$(".figures > div")
    .toArray()
    .map((element) => page.$(element))
    .find((element) => element.children("dt").text() === name)
    ?.children("dd")
    .text();

async function talk(visitor: Visitor, prompt: string, usage: object | null = wire.USAGE) {
  app.fake.next(scenario.answer({ usage }));
  const path = await visitor.ask(prompt);
  await visitor.settled(path);
  return path;
}

test("whoever has asked nothing reads so, and is led there from the account", async () => {
  const carol = await app.signedIn("carol");
  const account = await carol.get("/account");
  assert.equal(account.$('main a[href="/account/usage"]').length, 1);

  const page = await carol.get("/account/usage");
  assert.equal(page.status, 200);
  assert.match(page.words(".empty"), /asked nothing/);
  assert.equal(page.$("svg.chart__bars, table").length, 0);
});

test("answers are summed up by day, model and conversation, in tokens and money", async () => {
  await talk(ada, "First thing");
  await talk(ada, "Second thing", { ...wire.USAGE, completion_tokens: 1_000_040 });

  const page = await ada.get("/account/usage");
  assert.equal(figure(page, "Estimated cost"), "≈ $0.60");
  assert.equal(figure(page, "Requests"), "2");
  assert.equal(figure(page, "Tokens read"), "240");
  assert.equal(figure(page, "From the cache"), "53 %");
  assert.equal(figure(page, "Tokens written"), "1,000,080");
  assert.deepEqual(page.rows("By conversation"), [
    "Second thing ≈ $0.60 1 120 53 % 1,000,040",
    "First thing ≈ $0.000033 1 120 53 % 40",
  ]);
  assert.deepEqual(page.rows("By model"), ["DeepSeek Flash ≈ $0.60 2 240 53 % 1,000,080"]);
});

test("a chart shows each day, and a table beside it the same", async () => {
  const page = await ada.get("/account/usage");
  const days = page.rows("Cost over time");
  assert.ok(days.length >= 28 && days.length <= 31);
  assert.equal(page.$(".chart__bars rect").length, days.length);
  assert.equal(days.filter((row) => row.includes("≈ $0.60")).length, 1);
  assert.match(page.$(".chart__bars").attr("aria-labelledby") ?? "", /usage-days/);
  assert.doesNotMatch(page.html, /style=/);
});

test("nobody sees what others have used", async () => {
  const page = await bob.get("/account/usage");
  assert.match(page.words(".empty"), /asked nothing/);
  assert.equal((await bob.get("/account/usage/csv")).html.split("\r\n").length, 2);
});

test("a model without a price shows tokens and no money", async () => {
  const dora = await app.signedIn("dora");
  app.database.exec("UPDATE Price SET model = 'x-' || model");
  await talk(dora, "Without a price");

  const page = await dora.get("/account/usage");
  app.database.exec("UPDATE Price SET model = substr(model, 3)");
  assert.equal(figure(page, "Estimated cost"), undefined);
  assert.doesNotMatch(page.words("main"), /\$|≈/);
  assert.match(page.words("main"), /no price is known/);
  assert.match(page.words("#usage-days"), /Tokens over time/);
});

test("what the model told no counts of is said to be missing", async () => {
  const erin = await app.signedIn("erin");
  await talk(erin, "Stopped", null);
  await talk(erin, "Counted");

  const page = await erin.get("/account/usage");
  assert.equal(figure(page, "Requests"), "2");
  assert.equal(figure(page, "Tokens read"), "120");
  assert.match(page.words("main"), /1 request is missing in these sums/);
});

test("an answer that is gone on with costs what both requests have cost", async () => {
  const fred = await app.signedIn("fred");
  app.fake.next(scenario.answer({ finish: "length" }), scenario.answer());
  const path = await fred.ask("Long");
  const page = await fred.settled(path);
  await fred.post(String(page.$("form[action$=continuation]").attr("action")));
  await fred.settled(path);

  assert.equal(figure(await fred.get("/account/usage"), "Tokens read"), "240");
});

test("a copy in a fork is not counted again", async () => {
  const gus = await app.signedIn("gus");
  const path = await talk(gus, "Forked");
  const page = await gus.get(path);
  const forked = await gus.submit(String(page.$("form[action$='/forks']").last().attr("action")));
  assert.match(forked.words(".receipt__lines"), /This is a copy/);
  assert.equal(forked.$(".conversation__usage a").length, 0);

  assert.equal(figure(await gus.get("/account/usage"), "Requests"), "1");
});

test("what was deleted for good stays counted, without its title", async () => {
  const hal = await app.signedIn("hal");
  const path = await talk(hal, "A secret title");
  await hal.post(path, { _method: "DELETE" });
  assert.deepEqual((await hal.get("/account/usage")).rows("By conversation"), [
    "Deleted conversations ≈ $0.000033 1 120 53 % 40",
  ]);

  await hal.post(`/trash/${idOf(path)}`, { _method: "DELETE" });
  const page = await hal.get("/account/usage");
  assert.equal(figure(page, "Requests"), "1");
  assert.doesNotMatch(page.words("main"), /secret/);
});

test("other months and days can be chosen, and what cannot be is said with the days kept", async () => {
  const before = await ada.get("/account/usage?month=2020-02");
  assert.equal(before.words(".period__title"), "February 2020");
  assert.match(before.words(".empty"), /asked nothing/);
  assert.equal(before.$(".period a").first().attr("href"), "/account/usage?month=2020-01");

  const wrong = await ada.get("/account/usage?from=2026-11-05&to=2026-11-04");
  assert.equal(wrong.status, 422);
  assert.match(wrong.words(".field__error"), /before the first/);
  assert.equal(wrong.field("from"), "2026-11-05");
  assert.equal((await ada.get("/account/usage/csv?from=2026-11-05&to=2026-11-04")).status, 400);

  for (const query of ["?from[]=x", "?month=%00", "?to=-1", "?month=9999-12", "?to=9999-12-31"]) {
    assert.ok((await ada.get(`/account/usage${query}`)).status < 500, query);
  }
});

test("T-57 everything comes as CSV, in which no title is a formula", async () => {
  const ida = await app.signedIn("ida");
  await talk(ida, '=HYPERLINK("https://evil.example","pay")');

  const file = await ida.get("/account/usage/csv");
  const [head, line] = file.html.split("\r\n");
  assert.match(String(file.headers.get("content-type")), /^text\/csv/);
  assert.match(
    String(file.headers.get("content-disposition")),
    /^attachment; filename="?usage-\d{4}-\d\d-01-\d{4}-\d\d-\d\d\.csv"?$/,
  );
  assert.match(String(head), /^Day,Conversation,Model,/);
  assert.match(String(line), /^\d{4}-\d\d-\d\d,"'=HYPERLINK\(""https/);
  assert.match(String(line), /,deepseek-flash,answer,1,0,120,64,40,10,USD,0\.000032592$/);
});

test("titles by the model are counted once, apart from answers", async () => {
  const kim = await app.signedIn("kim");
  const id = idOf(await talk(kim, "Titled"));
  const titles = await import("../../../src/models/conversations/titles.js");
  const cost = { promptTokens: 50, cachedTokens: 0, completionTokens: 5, reasoningTokens: 0 };
  await titles.store(id, "A title", { providerId: null, model: "deepseek-flash" }, cost);

  const page = await kim.get("/account/usage");
  assert.equal(figure(page, "Tokens read"), "170");
  assert.match(page.words("main"), /1 request was for the titles of conversations: 55 tokens/);
});
