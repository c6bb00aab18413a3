import { language, t } from "../lib/texts.js";

const DAY_MS = 86_400_000;
const MOST_ZONES = 500;

/** What was talked about at about the same time, as the sidebar heads it. */
export interface DayGroup<T> {
  label: string;
  items: T[];
}

interface Dated {
  updatedAt: Date;
  pinned: boolean;
}

interface Calendar {
  day(date: Date): number;
  /** By how much its clocks are ahead of UTC. */
  aheadMs(date: Date): number;
  month(date: Date): string;
}

const calendars = new Map<string, Calendar>();

/** Whether this is the name of a time zone. */
export function isZone(name: string): boolean {
  try {
    return /^[\w+\-/]{1,64}$/.test(name) && calendarOf(name) !== null;
  } catch {
    return false;
  }
}

/** Pinned ones and then by day, for a list in that order; days are those of `zone`. */
export function groupByDay<T extends Dated>(
  items: readonly T[],
  now: Date,
  zone: string,
): DayGroup<T>[] {
  const calendar = calendarOf(zone);
  const today = calendar.day(now);
  const groups: DayGroup<T>[] = [];

  for (const item of items) {
    const label = item.pinned ? t("Pinned") : labelOf(item.updatedAt, today, calendar);
    const last = groups.at(-1);
    if (last?.label === label) last.items.push(item);
    else groups.push({ label, items: [item] });
  }
  return groups;
}

/** The day that it is in that zone, as 2026-11-26. */
export function dayIn(zone: string, date: Date): string {
  return new Date(calendarOf(zone).day(date) * DAY_MS).toISOString().slice(0, 10);
}

/** When a day such as 2026-11-26 begins in that zone. */
export function startOfDay(day: string, zone: string): Date {
  const { aheadMs } = calendarOf(zone);
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // Clocks may be put forward or back between there and here.
  const near = new Date(midnight - aheadMs(new Date(midnight)));
  return new Date(midnight - aheadMs(near));
}

function labelOf(date: Date, today: number, { day, month }: Calendar): string {
  const days = today - day(date);

  // A clock that was set back leaves conversations of tomorrow.
  if (days <= 0) return t("Today");
  if (days === 1) return t("Yesterday");
  if (days <= 7) return t("Previous 7 days");
  if (days <= 30) return t("Previous 30 days");
  return month(date);
}

// Making one costs as much as a whole page; names come from browsers, so there is an end to how many are kept.
function calendarOf(zone: string): Calendar {
  const known = calendars.get(zone);
  if (known) return known;

  if (calendars.size >= MOST_ZONES) calendars.clear();
  const made = makeCalendar(zone);
  calendars.set(zone, made);
  return made;
}

function makeCalendar(timeZone: string): Calendar {
  // Year, month and day in that order, as ISO 8601 has them.
  const days = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeZone });
  const times = new Intl.DateTimeFormat("sv-SE", {
    ...{ dateStyle: "short", timeStyle: "medium", timeZone },
  });
  const months = new Intl.DateTimeFormat(language, { month: "long", year: "numeric", timeZone });

  return {
    day: (date) => Date.parse(days.format(date)) / DAY_MS,
    aheadMs: (date) => Date.parse(`${times.format(date).replace(" ", "T")}Z`) - date.getTime(),
    month: (date) => months.format(date),
  };
}
