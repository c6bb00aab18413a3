import { NotFound } from "../errors.js";
import type { Price } from "../stores/prisma/client.js";
import { read, statement, write } from "../stores/statements.js";
import { type PeakTimes, peakTimes, peakWeek } from "./prices/peak-week.js";

/** How long what counts as one moment lasts; a quarter of an hour is also what time zones are apart. */
export const QUARTER_MS = 900_000;

const LATELY_MS = 30 * 86_400_000;

// A quarter of an hour's place in its week: 1970 began on a Thursday.
const WEEK = 672;
const THURSDAY = 288;

/** A price as people see it. */
export interface PriceRow extends Rates {
  id: number;
  /** null: it is the model's wherever that runs; empty: at the settings' own provider. */
  providerId: string | null;
  model: string;
  validFrom: Date;
  currency: string;
  peak: (Rates & PeakTimes) | null;
  /** Days of UTC without a peak. */
  quietDays: string[];
  note: string;
}

/** Millionths of the currency for a million tokens. */
interface Rates {
  cachedRate: number;
  promptRate: number;
  completionRate: number;
}

interface Asked {
  model: string;
  /** Empty: the settings' own. */
  providerId: string;
  quarter: string;
}

type Values = Omit<Price, "id">;

export function quarterOf(date: Date): number {
  return Math.floor(date.getTime() / QUARTER_MS);
}

/** SQL: joins, as `price`, the one in force for a model in a quarter of an hour: the provider's own, where there is one. */
export function joinPrice({ model, providerId, quarter }: Asked): string {
  return `
  LEFT JOIN Price AS price ON price.id = (
    SELECT id FROM Price
    WHERE model = ${model} AND (providerId IS NULL OR providerId = ${providerId}) AND validFrom <= ${quarter}
    ORDER BY providerId IS NULL, validFrom DESC LIMIT 1)`;
}

/** SQL: whether that quarter of an hour is peak time by the price that was joined. */
export function isPeak(quarter: string): string {
  return `(substr(price.peakWeek, 1 + (${quarter} + ${THURSDAY}) % ${WEEK}, 1) = '1'
    AND instr(price.quietDays, date(${quarter} * ${QUARTER_MS / 1000}, 'unixepoch')) = 0)`;
}

/** SQL: what `costOf` asks of the price that was joined, beside `isPeak`. */
export const RATES = `
  price.currency, price.cachedRate, price.promptRate, price.completionRate,
  price.peakCachedRate, price.peakPromptRate, price.peakCompletionRate`;

const COLUMNS = [
  ...["providerId", "model", "validFrom", "currency", "cachedRate", "promptRate", "completionRate"],
  ...["peakCachedRate", "peakPromptRate", "peakCompletionRate", "peakWeek", "quietDays", "note"],
];
const LIST = statement<object, Price>(`
  SELECT * FROM Price ORDER BY model, providerId, validFrom DESC`);
const ONE = statement<{ id: number }, Price>("SELECT * FROM Price WHERE id = @id");
const TWIN = statement<
  Pick<Values, "providerId" | "model" | "validFrom"> & { id: number | null },
  { id: number }
>(`
  SELECT id FROM Price
  WHERE model = @model AND providerId IS @providerId AND validFrom = @validFrom AND id IS NOT @id`);
const INSERT = statement<Values>(`
  INSERT INTO Price (${COLUMNS.join(", ")}) VALUES (${COLUMNS.map((name) => `@${name}`).join(", ")})`);
const UPDATE = statement<Values & { id: number }>(`
  UPDATE Price SET ${COLUMNS.map((name) => `${name} = @${name}`).join(", ")} WHERE id = @id`);
const DELETE = statement<{ id: number }>("DELETE FROM Price WHERE id = @id");
const CHANGED = statement<object>("UPDATE PriceList SET version = version + 1");
const WITHOUT_PRICE = statement<{ since: number }, { model: string }>(`
  SELECT DISTINCT model FROM User CROSS JOIN Usage ON userId = User.id AND quarter >= @since
  WHERE model <> '' AND NOT EXISTS (SELECT 1 FROM Price WHERE Price.model = Usage.model
    AND (Price.providerId IS NULL OR Price.providerId = Usage.providerId)) ORDER BY model`);

/** Model by model, the price for wherever it runs before those of single providers, and of each the newest first. */
export async function list(): Promise<PriceRow[]> {
  return read(() => LIST.all({}).map(shown));
}

export async function find(id: number): Promise<PriceRow> {
  const row = await read(() => ONE.get({ id }));

  if (row) {
    return shown(row);
  } else {
    throw new NotFound();
  }
}

/** Stores a new price, or another in the place of one; false where the model has one from that moment on already. */
export async function store(id: number | null, price: Omit<PriceRow, "id">): Promise<boolean> {
  const values = stored(price);
  return write(() => {
    if (TWIN.get({ ...values, id })) return false;
    noted(id === null ? INSERT.run(values) : UPDATE.run({ ...values, id }));
    return true;
  });
}

export async function destroy(id: number) {
  await write(() => noted(DELETE.run({ id })));
}

function noted({ changes }: { changes: number }) {
  if (changes === 0) throw new NotFound();
  CHANGED.run({});
}

/** Models that were asked lately, somewhere where no price of theirs is known. */
export async function modelsWithoutPrice(): Promise<string[]> {
  const since = quarterOf(new Date(Date.now() - LATELY_MS));
  return read(() => WITHOUT_PRICE.all({ since }).map(({ model }) => model));
}

function shown(row: Price): PriceRow {
  const { peakCachedRate, peakPromptRate, peakCompletionRate, peakWeek: week, ...rest } = row;
  return {
    ...rest,
    validFrom: new Date(row.validFrom * QUARTER_MS),
    quietDays: row.quietDays.split(" ").filter((day) => day !== ""),
    peak: week === "" ? null : { ...peakTimes(week), ...peakRates(row) },
  };
}

function peakRates(row: Price): Rates {
  return {
    cachedRate: row.peakCachedRate ?? row.cachedRate,
    promptRate: row.peakPromptRate ?? row.promptRate,
    completionRate: row.peakCompletionRate ?? row.completionRate,
  };
}

function stored({ peak, validFrom, quietDays, ...rest }: Omit<PriceRow, "id">): Values {
  return {
    ...rest,
    validFrom: quarterOf(validFrom),
    quietDays: quietDays.join(" "),
    peakWeek: peak ? peakWeek(peak) : "",
    peakCachedRate: peak?.cachedRate ?? null,
    peakPromptRate: peak?.promptRate ?? null,
    peakCompletionRate: peak?.completionRate ?? null,
  };
}
