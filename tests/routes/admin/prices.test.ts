import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../support/app.js";
import { addProvider } from "../../support/providers.js";

const app = await startApp();
const ada = await app.signedIn("ada");

const PRICE = {
  model: "deepseek-flash",
  provider: "",
  currency: "USD",
  validFrom: "2020-01-01T00:00",
  cached: "0.1",
  prompt: "1",
  completion: "10",
  peakCached: "",
  peakPrompt: "",
  peakCompletion: "",
  peakHours: "",
  quietDays: "",
  note: "",
};
const rows = "SELECT count(*) FROM Price";
const count = () => app.database.prepare(rows).pluck().get();

test("DeepSeek's prices are there, with their peak and the day on which they were copied", async () => {
  assert.equal((await ada.get("/admin")).$('a[href="/admin/prices"]').length, 1);

  const page = await ada.get("/admin/prices");
  const text = page.words("table");
  assert.match(
    text,
    /deepseek-flash USD, from 15 Nov 2026 0\.003 0\.006 at peak 0\.15 0\.3 at peak 0\.6 1\.2 at peak/,
  );
  assert.match(
    text,
    /deepseek-v4-pro USD, from 15 Nov 2026 0\.022 0\.044 at peak 0\.66 1\.32 at peak 1\.98 3\.96/,
  );
  assert.match(text, /Peak: Mon–Fri, 01:00-04:00, 06:00-10:00 UTC\. Copied .* on 15 November 2026/);
});

test("a new price shows on answers that were read before it, and a changed one too", async () => {
  app.database.exec("DELETE FROM Price");
  app.database.exec("UPDATE PriceList SET version = version + 1");
  const path = await ada.ask("What does it cost?");
  await ada.settled(path);
  assert.doesNotMatch((await ada.get(path)).words(".receipt"), /\$|≈/);

  const saved = await ada.submit("/admin/prices", PRICE);
  assert.equal(saved.words(".flash p"), "Price saved");
  // 64 × 0.1 + 56 × 1 + 40 × 10 millionths
  assert.match((await ada.get(path)).words(".receipt summary"), /≈ \$0\.00046/);
  assert.match(
    (await ada.get(path)).words(".receipt__lines"),
    /estimate, by the prices from 1 Jan 2020 on\./,
  );

  const edit = String((await ada.get("/admin/prices")).$("tbody a").attr("href"));
  const form = await ada.get(edit);
  assert.equal(form.field("completion"), "10");
  assert.equal(form.field("validFrom"), "2020-01-01T00:00");
  await ada.submit(edit, { ...PRICE, completion: "100", _method: "PATCH" });
  assert.match((await ada.get(path)).words(".receipt summary"), /≈ \$0\.0041/);

  await ada.submit(edit, { _method: "DELETE" });
  assert.doesNotMatch((await ada.get(path)).words(".receipt"), /\$|≈/);
});

test("a model that answers and has no price is pointed out", async () => {
  const page = await ada.get("/admin/prices");
  assert.match(page.words(".notice"), /deepseek-flash/);
  const form = await ada.get(String(page.$(".notice a").attr("href")));
  assert.equal(form.field("model"), "deepseek-flash");
});

test("what cannot be a price is said at its field, and nothing that was typed is lost", async () => {
  const before = count();
  const typed = {
    ...PRICE,
    prompt: "0,15",
    peakHours: "01:00-04:00",
    note: "By hand",
    peakDays: "6",
  };
  const page = await ada.post("/admin/prices", typed);

  assert.equal(page.status, 422);
  assert.match(page.words("#field-prompt-error"), /such as 0\.15/);
  assert.equal(page.field("prompt"), "0,15");
  assert.equal(page.field("note"), "By hand");
  assert.deepEqual(
    page
      .$("[name=peakDays][checked]")
      .toArray()
      .map((box) => box.attribs.value),
    ["6"],
  );
  assert.equal(count(), before);
});

test("two prices of a model cannot begin at the same moment", async () => {
  await ada.submit("/admin/prices", PRICE);
  const page = await ada.post("/admin/prices", { ...PRICE, completion: "7" });
  assert.equal(page.status, 422);
  assert.match(page.words("#field-validFrom-error"), /has a price from that moment/);
  assert.equal(page.field("completion"), "7");
});

test("a price is for one provider alone where its form says so, and the list says which", async () => {
  app.database.exec("DELETE FROM Price");
  const { path, id } = await addProvider(ada, app.fake, { name: "House" });
  const form = await ada.get("/admin/prices/new");
  assert.deepEqual(form.all("[name=provider] option"), [
    "Any",
    new URL(app.fake.url).host,
    "House",
  ]);
  for (const [provider, completion] of [
    ["", "10"],
    [id, "100"],
    ["default", "1000"],
  ] as const) {
    await ada.submit("/admin/prices", { ...PRICE, provider, completion });
  }
  assert.deepEqual(
    (await ada.get("/admin/prices")).all("tbody th").map((row) => /at ([^,]+)/.exec(row)?.[1]),
    [undefined, new URL(app.fake.url).host, "House"],
  );

  const own = await ada.talk("What does it cost?");
  const theirs = await ada.talk("And there?", { model: `${id}:deepseek-flash` });
  // 64 × 0.1 + 56 × 1 + 40 × 1000, or × 100, millionths
  assert.match(own.words(".receipt summary"), /≈ \$0\.040$/);
  assert.match(theirs.words(".receipt summary"), /≈ \$0\.0041$/);

  await ada.post(path, { _method: "DELETE" });
  const edit = String((await ada.get("/admin/prices")).$("tbody a").last().attr("href"));
  assert.equal((await ada.get(edit)).words("[name=provider] [selected]"), "One that was removed");
  const changed = { ...PRICE, provider: id, completion: "50", _method: "PATCH" };
  assert.equal((await ada.post(edit, changed)).status, 303);
});

test("a price for a provider that is none is refused at its field", async () => {
  const page = await ada.post("/admin/prices", { ...PRICE, provider: "elsewhere", note: "Kept" });
  assert.equal(page.status, 422);
  assert.match(page.words("#field-provider-error"), /from the list/);
  assert.equal(page.field("note"), "Kept");
});

test("a price that is not there is not found", async () => {
  for (const id of ["999999", "0", "-1", "x", "1e9", "%00"]) {
    for (const [method, fields] of [
      ["GET", null],
      ["PATCH", PRICE],
      ["DELETE", {}],
    ] as const) {
      const { status } = fields
        ? await ada.post(`/admin/prices/${id}`, { ...fields, _method: method })
        : await ada.get(`/admin/prices/${id}`);
      assert.ok([400, 404].includes(status), `${method} ${id}: ${status}`);
    }
  }
});

test("T-11 a model's name is text wherever an administrator reads it", async () => {
  const name = "<img src=x onerror=alert(1)>\"'";
  await ada.submit("/admin/prices", { ...PRICE, model: name, note: name });
  for (const path of ["/admin/prices", `/admin/prices/new?model=${encodeURIComponent(name)}`]) {
    assert.equal((await ada.get(path)).$("main img").length, 0);
  }
  assert.match((await ada.get("/admin/prices")).words("table"), /<img src=x/);
});

test("without any price the page says so", async () => {
  app.database.exec("DELETE FROM Price");
  assert.match((await ada.get("/admin/prices")).words(".empty"), /no prices/);
});
