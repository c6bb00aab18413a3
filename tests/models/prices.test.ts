import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { startApp } from "../support/app.js";

const app = await startApp();
const ada = await app.signedIn("ada");
const prices = await import("../../src/models/prices.js");
const usage = await import("../../src/models/usage.js");
await ada.get("/");
const userId = app.database.prepare("SELECT id FROM User").pluck().get() as string;

const YEARS = [new Date("2026-01-01T00:00Z"), new Date("2028-12-31T00:00Z")] as const;
const INSERT = app.database.prepare(`
  INSERT INTO Usage (userId, quarter, conversationId, model, providerId, purpose, requests, untold, promptTokens, completionTokens)
  VALUES (?, ?, 'c', ?, ?, 'answer', 1, 0, 1000000, 0)`);

/** What a million tokens cost, read anew at that moment, in millionths. */
async function rateAt(
  moment: string | number,
  model = "deepseek-flash",
  provider = "",
): Promise<number | null> {
  app.database.exec("DELETE FROM Usage");
  INSERT.run(userId, prices.quarterOf(new Date(moment)), model, provider);
  const entries = await usage.ofPerson(userId, ...YEARS);
  const [cost] = usage.total(entries).money;
  return cost ? Number(cost.amount / 1_000_000n) : null;
}

for (const [moment, rate, why] of [
  ["2026-11-14T23:59Z", null, "before there was a price"],
  ["2026-11-15T00:00Z", 150_000, "on its first day, a Sunday"],
  ["2026-11-15T02:00Z", 150_000, "on a Sunday"],
  ["2026-11-16T00:59Z", 150_000, "on Monday before the peak"],
  ["2026-11-16T01:00Z", 300_000, "when the peak begins"],
  ["2026-11-16T03:59Z", 300_000, "at its last minute"],
  ["2026-11-16T04:00Z", 150_000, "when it has ended"],
  ["2026-11-16T05:59Z", 150_000, "before the second peak"],
  ["2026-11-20T06:00Z", 300_000, "when that begins, on Friday"],
  ["2026-11-20T09:59Z", 300_000, "at its last minute"],
  ["2026-11-20T10:00Z", 150_000, "when it has ended"],
  ["2026-11-21T02:00Z", 150_000, "on a Saturday"],
  ["2027-01-01T02:00Z", 150_000, "on New Year's Day, a holiday"],
  ["2027-01-04T02:00Z", 300_000, "on the Monday after"],
] as const) {
  test(`DeepSeek's price ${why} is ${rate}`, async () => {
    assert.equal(await rateAt(moment), rate);
  });
}

test("SQL finds the price and the peak that one would find by hand", async () => {
  const [price] = (await prices.list()).filter(({ model }) => model === "deepseek-flash");
  assert.ok(price?.peak);
  const { peak, quietDays, validFrom } = price;
  const at = fc.integer({ min: YEARS[0].getTime(), max: YEARS[1].getTime() - 1 });

  await fc.assert(
    fc.asyncProperty(at, async (ms) => {
      const date = new Date(ms);
      const quarter = 4 * date.getUTCHours() + Math.floor(date.getUTCMinutes() / 15);
      const isBusy = peak.windows.some(({ from, until }) => from <= quarter && quarter < until);
      const isDay = peak.days.includes(date.getUTCDay() || 7);
      const isQuiet = quietDays.includes(date.toISOString().slice(0, 10));
      const rate = isBusy && isDay && !isQuiet ? peak.promptRate : price.promptRate;
      assert.equal(await rateAt(ms), date < validFrom ? null : rate);
    }),
    { numRuns: 200 },
  );
});

test("of several prices the newest that was valid then counts, for its own model", async () => {
  const [price] = await prices.list();
  assert.ok(price);
  const { id: _, ...rest } = price;
  const since = (day: string, promptRate: number, model = "m") =>
    prices.store(null, {
      ...rest,
      model,
      peak: null,
      promptRate,
      validFrom: new Date(`${day}T00:00Z`),
    });

  await since("2027-02-01", 2);
  await since("2027-01-01", 1);
  await since("2027-03-01", 3);
  await since("2027-01-15", 9, "another");
  assert.equal(await rateAt("2026-12-31T23:59Z", "m"), null);
  assert.equal(await rateAt("2027-01-31T23:59Z", "m"), 1);
  assert.equal(await rateAt("2027-02-01T00:00Z", "m"), 2);
  assert.equal(await rateAt("2028-01-01T00:00Z", "m"), 3);
  assert.equal(await rateAt("2028-01-01T00:00Z", "unknown"), null);
  assert.equal(await since("2027-02-01", 7), false);
});

test("a provider's own price stands before that of any, however old; before it begins, that of any counts", async () => {
  const [price] = await prices.list();
  assert.ok(price);
  const { id: _, ...rest } = price;
  const since = (day: string, promptRate: number, providerId: string | null) => {
    const validFrom = new Date(`${day}T00:00Z`);
    const own = { model: "both", peak: null, providerId, promptRate, validFrom };
    return prices.store(null, { ...rest, ...own });
  };
  await since("2027-01-01", 1, null);
  await since("2027-02-01", 2, "p");
  await since("2027-03-01", 3, null);
  await since("2027-03-01", 4, "");

  assert.equal(await rateAt("2027-01-31T23:59Z", "both", "p"), 1);
  assert.equal(await rateAt("2027-02-01T00:00Z", "both", "p"), 2);
  assert.equal(await rateAt("2027-04-01T00:00Z", "both", "p"), 2);
  assert.equal(await rateAt("2027-02-01T00:00Z", "both", "q"), 1);
  assert.equal(await rateAt("2027-04-01T00:00Z", "both", "q"), 3);
  assert.equal(await rateAt("2027-02-01T00:00Z", "both"), 1);
  assert.equal(await rateAt("2027-04-01T00:00Z", "both"), 4);
});

test("a price of a provider is not that of another", async () => {
  const [price] = await prices.list();
  assert.ok(price);
  const { id: _, ...rest } = price;
  await prices.store(null, { ...rest, model: "theirs", providerId: "p", validFrom: YEARS[0] });
  assert.equal(await rateAt("2027-01-01T00:00Z", "theirs"), null);
  assert.deepEqual(await prices.modelsWithoutPrice(), ["theirs"]);
  await rateAt("2027-01-01T00:00Z", "theirs", "p");
  assert.deepEqual(await prices.modelsWithoutPrice(), []);
});
