import { language } from "../lib/texts.js";
import { startOfDay } from "./day-groups.js";
import { dayText } from "./time.js";

interface Period {
  from: string;
  to: string;
}

/** A day, or a month where there are many days, with the time in which it begins. */
export interface Slot {
  /** 2026-11-26, or 2026-11. */
  name: string;
  label: string;
  begins: Date;
}

const DAY_MS = 86_400_000;
const MOST_DAYS_SHOWN = 92;

const MONTH = new Intl.DateTimeFormat(language, {
  month: "long",
  year: "numeric",
  timeZone: "UTC",
});

/** "November 2026", or "3 Nov 2026 – 20 Nov 2026". */
export function periodTitle(period: Period): string {
  const { from, to } = period;
  if (isMonth(period)) return MONTH.format(new Date(from));
  return from === to ? day(from) : `${day(from)} – ${day(to)}`;
}

/** The months before and after the beginning of a period. */
export function monthsAround({ from }: Period): { previous: string; next: string } {
  const [year = 0, month = 1] = from.split("-").map(Number);
  const at = (index: number) => new Date(Date.UTC(year, index, 1)).toISOString().slice(0, 7);
  return { previous: at(month - 2), next: at(month) };
}

/** From the first moment of a period to the one after its last, by the clocks of a zone. */
export function momentsOf({ from, to }: Period, zone: string): { from: Date; until: Date } {
  return { from: startOfDay(from, zone), until: startOfDay(dayAfter(to), zone) };
}

/** The days of a period in their order. */
export function daysOf({ from, to }: Period, zone: string): Slot[] {
  const slots: Slot[] = [];
  for (let name = from; name <= to; name = dayAfter(name)) {
    slots.push({ name, label: day(name), begins: startOfDay(name, zone) });
  }
  return slots;
}

/** As few as a chart can show: its days, or else its months. */
export function slotsOf(period: Period, zone: string): Slot[] {
  const days = daysOf(period, zone);
  if (days.length <= MOST_DAYS_SHOWN) return days;

  const firsts = days.filter(({ name }, index) => index === 0 || name.endsWith("-01"));
  return firsts.map(({ name, begins }) => ({
    name: name.slice(0, 7),
    label: MONTH.format(new Date(name)),
    begins,
  }));
}

/** Slots with what falls into them; entries come in the order of time. */
export function filled<T>(
  slots: readonly Slot[],
  entries: readonly T[],
  momentOf: (entry: T) => number,
): (Slot & { entries: T[] })[] {
  const rows = slots.map((slot) => ({ ...slot, entries: [] as T[] }));
  let index = 0;

  for (const entry of entries) {
    while (momentOf(entry) >= (rows[index + 1]?.begins.getTime() ?? Number.POSITIVE_INFINITY)) {
      index += 1;
    }
    rows[index]?.entries.push(entry);
  }
  return rows;
}

export function isMonth({ from, to }: Period): boolean {
  return (
    from.endsWith("-01") && from.slice(0, 7) === to.slice(0, 7) && dayAfter(to).endsWith("-01")
  );
}

function dayAfter(day: string): string {
  return new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10);
}

function day(name: string): string {
  return dayText(new Date(name));
}
