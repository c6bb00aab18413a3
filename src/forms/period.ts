import { z } from "zod";
import { t } from "../lib/texts.js";
import { type Form, read } from "./form.js";

/** Days as 2026-11-26, both included. */
export interface Period {
  from: string;
  to: string;
}

const DAY_MS = 86_400_000;
const MOST_DAYS = 366;

export const PERIOD_FIELDS = "month from to".split(" ");

// Years with four digits are in the order of their letters.
const YEARS = /^2[01]\d\d-/;

const day = () =>
  z.preprocess(
    (text) => text || null,
    z.iso
      .date(t("Give a day as 2026-11-26."))
      .regex(YEARS, t("Choose days from the year 2000 on."))
      .nullable(),
  );

const schema = z
  .object({
    month: z
      .string()
      .regex(/^2[01]\d\d-(0[1-9]|1[0-2])$/)
      .nullable()
      .catch(null),
    from: day(),
    to: day(),
  })
  .refine(({ from, to }) => !from || !to || from <= to, {
    path: ["to"],
    message: t("The last day is before the first."),
  })
  .refine(({ from, to }) => !from || !to || daysBetween(from, to) < MOST_DAYS, {
    path: ["to"],
    message: t("Choose a year at most."),
  });

/** A month, or days of which one may be left out; else the month that `today` is in. */
export function periodForm(input: unknown, today: string): Form<Period> {
  const form = read(schema, input, PERIOD_FIELDS);
  if (!form.ok) return form;

  const { month, from, to } = form.value;
  return { ok: true, value: from || to ? daysOf(from, to, today) : monthOf(month ?? today) };
}

// From a day on, or up to one: at most a year, and no further than today.
function daysOf(from: string | null, to: string | null, today: string): Period {
  if (from) return { from, to: to ?? laterOf(from, earlierOf(today, plus(from, MOST_DAYS - 1))) };
  const last = to ?? today;
  return { from: `${last.slice(0, 7)}-01`, to: last };
}

/** The month of a day, or of a month, from its first day to its last. */
export function monthOf(day: string): Period {
  const month = day.slice(0, 7);
  const [year = 0, number = 1] = month.split("-").map(Number);
  const last = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return { from: `${month}-01`, to: `${month}-${last}` };
}

function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS;
}

function plus(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

function earlierOf(a: string, b: string): string {
  return a < b ? a : b;
}

function laterOf(a: string, b: string): string {
  return a > b ? a : b;
}
