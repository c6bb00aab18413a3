import { z } from "zod";
import { t } from "../lib/texts.js";
import { type Form, read } from "./form.js";

/** Millionths of the currency for a million tokens. */
interface Rates {
  cachedRate: number;
  promptRate: number;
  completionRate: number;
}

export interface PriceDraft extends Rates {
  /** null: of whichever provider; empty: of the settings' own. */
  providerId: string | null;
  model: string;
  validFrom: Date;
  currency: string;
  peak: (Rates & { days: number[]; windows: Window[] }) | null;
  quietDays: string[];
  note: string;
}

/** Quarters of an hour since 00:00 UTC. */
interface Window {
  from: number;
  until: number;
}

export const PRICE_FIELDS = [
  ...["model", "provider", "currency", "validFrom", "cached", "prompt", "completion"],
  ...["peakCached", "peakPrompt", "peakCompletion", "peakHours", "quietDays", "note"],
];

const OWN = "default";
const MOST = 1000;
const MOST_QUIET_DAYS = 100;
const QUARTERS_A_DAY = 96;
const HALF_A_PEAK = t("Fill in all of the peak's prices, hours and days, or none of them.");

// To its last decimal: a floating number of 0.07 is not quite that.
const rate = z
  .string(t("Enter a price."))
  .trim()
  .min(1, t("Enter a price."))
  .regex(/^\d{1,4}(\.\d{1,6})?$/, t("Write a price such as 0.15, with at most six decimals."))
  .transform(millionths)
  .refine((value) => value <= MOST * 1_000_000, { message: `${MOST} is the most.` });
const rateOrNone = z
  .string()
  .transform((typed) => typed.trim() || null)
  .pipe(rate.nullable());
const text = (longest: number) =>
  z.string().trim().max(longest, t("Use at most {longest} characters.", { longest }));

const schema = z
  .object({
    model: text(200).min(1, t("Enter the model's id, as its server calls it.")),
    provider: text(100).nullish().transform(providerIdOf),
    currency: z
      .string()
      .trim()
      .toUpperCase()
      .regex(/^[A-Z]{3}$/, t("Write three letters, such as USD.")),
    validFrom: z
      .string()
      .regex(
        /^[12]\d{3}-\d\d-\d\dT\d\d:(00|15|30|45)(:00)?$/,
        t("Give a day and a quarter of an hour."),
      )
      .refine(isMoment, { message: t("There is no such day or hour.") })
      .transform((moment) => new Date(`${moment}Z`)),
    cached: rate,
    prompt: rate,
    completion: rate,
    peakCached: rateOrNone,
    peakPrompt: rateOrNone,
    peakCompletion: rateOrNone,
    peakHours: windows(),
    peakDays: z
      .preprocess(
        (days) => (Array.isArray(days) ? days : [days].filter((day) => day !== undefined)),
        z.array(z.coerce.number().int().min(1).max(7)),
      )
      .catch([]),
    quietDays: z
      .string()
      .transform((days) => [...new Set(days.split(/[\s,;]+/).filter((day) => day !== ""))].sort())
      .pipe(z.array(z.iso.date(t("Write days such as 2027-01-01."))))
      .refine((days) => days.length <= MOST_QUIET_DAYS, {
        message: t("Use at most {most} days.", { most: MOST_QUIET_DAYS }),
      }),
    note: text(200),
  })
  .refine((price) => [0, 5].includes(partsOfPeak(price)), {
    path: ["peakHours"],
    message: HALF_A_PEAK,
  })
  .transform(draftOf);

/** A price as it was typed. */
export function priceForm(input: unknown): Form<PriceDraft> {
  return read(schema, input, PRICE_FIELDS);
}

/** What the form shows of whose price it is. */
export function providerField(providerId: string | null): string {
  return providerId === "" ? OWN : (providerId ?? "");
}

function providerIdOf(field: string | null | undefined): string | null {
  return field === OWN ? "" : field || null;
}

/** Which days of the week were ticked. */
export function tickedDays(input: unknown): number[] {
  const days = (input as { peakDays?: unknown } | undefined)?.peakDays ?? [];
  return [days].flat().map(Number);
}

// The 30th of February would be the 2nd of March.
function isMoment(typed: string): boolean {
  const date = new Date(`${typed}Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(typed.slice(0, 10));
}

function millionths(typed: string): number {
  const [whole = "0", fraction = ""] = typed.split(".");
  return Number(whole) * 1_000_000 + Number(fraction.padEnd(6, "0"));
}

function windows() {
  return z
    .string()
    .transform((hours) => hours.split(/[\s,;]+/).filter((window) => window !== ""))
    .pipe(
      z.array(
        z
          .string()
          .regex(
            /^([01]\d|2[0-3]):(00|15|30|45)[-–](([01]\d|2[0-3]):(00|15|30|45)|24:00)$/,
            t("Write hours such as 01:00-04:00, 06:00-10:00, in quarters of an hour."),
          )
          .transform(windowOf)
          .refine(({ from, until }) => from < until, {
            message: t("Hours end after they begin; over midnight write 22:00-24:00, 00:00-02:00."),
          }),
      ),
    );
}

function windowOf(typed: string): Window {
  const [from = 0, until = QUARTERS_A_DAY] = typed.split(/[-–]/).map(quarterOf);
  return { from, until };
}

function quarterOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return 4 * hours + minutes / 15;
}

interface Peak {
  peakCached: number | null;
  peakPrompt: number | null;
  peakCompletion: number | null;
  peakHours: Window[];
  peakDays: number[];
}

// The days are ticked by themselves where nobody has thought of a peak.
function partsOfPeak({
  peakCached,
  peakPrompt,
  peakCompletion,
  peakHours,
  peakDays,
}: Peak): number {
  const parts = [peakCached, peakPrompt, peakCompletion].filter((part) => part !== null).length;
  const hasTimes = peakHours.length > 0;
  return parts + (hasTimes ? 1 : 0) + (hasTimes && peakDays.length > 0 ? 1 : 0);
}

function draftOf(
  typed: Peak & {
    model: string;
    provider: string | null;
    currency: string;
    validFrom: Date;
    cached: number;
    prompt: number;
    completion: number;
    quietDays: string[];
    note: string;
  },
): PriceDraft {
  const { model, provider: providerId, currency, validFrom, quietDays, note } = typed;
  const { cached: cachedRate, prompt: promptRate, completion: completionRate } = typed;
  return {
    ...{ model, providerId, currency, validFrom, quietDays, note },
    ...{ cachedRate, promptRate, completionRate },
    peak: peakOf(typed),
  };
}

function peakOf({ peakCached, peakPrompt, peakCompletion, peakHours, peakDays }: Peak) {
  if (peakCached === null || peakPrompt === null || peakCompletion === null) return null;
  return {
    cachedRate: peakCached,
    promptRate: peakPrompt,
    completionRate: peakCompletion,
    days: peakDays,
    windows: peakHours,
  };
}
