import type { Request } from "express";
import { keep } from "../forms/form.js";
import { monthOf, PERIOD_FIELDS, type Period, periodForm } from "../forms/period.js";
import { dayIn } from "../helpers/day-groups.js";
import { isMonth, momentsOf, monthsAround, periodTitle } from "../helpers/periods.js";
import { timeZone } from "./time-zone.js";

/** The days that an address asks for, by the reader's clock; where it asks for none that can be, it is told so of this month. */
export function askedPeriod(request: Request) {
  const zone = timeZone(request);
  const today = dayIn(zone, new Date());
  const form = periodForm(request.query, today);
  const days = form.ok ? form.value : monthOf(today);
  const error = form.ok ? null : (Object.values(form.errors)[0] ?? null);
  return {
    days,
    zone,
    ...momentsOf(days, zone),
    error,
    /** What the form of the page shows. */
    shown: {
      title: periodTitle(days),
      query: queryOf(days),
      ...neighbours(days, today),
      values: form.ok ? days : keep(request.query, PERIOD_FIELDS),
      error,
    },
  };
}

function queryOf(days: Period): string {
  return isMonth(days) ? `?month=${days.from.slice(0, 7)}` : `?from=${days.from}&to=${days.to}`;
}

function neighbours(days: Period, today: string) {
  const { previous, next } = monthsAround(days);
  return {
    previous: `?month=${previous}`,
    next: next <= today ? `?month=${next}` : null,
  };
}
