// When it is peak time, as the database holds it: a mark for each quarter of an hour of a week.

/** Windows of the day, in quarters of an hour since 00:00 UTC; days from 1, Monday, to 7. */
export interface PeakTimes {
  days: number[];
  windows: { from: number; until: number }[];
}

export const QUARTERS_A_DAY = 96;
const DAYS = [1, 2, 3, 4, 5, 6, 7];

export function peakWeek({ days, windows }: PeakTimes): string {
  if (days.length === 0 || windows.length === 0) return "";

  const quarters = Array.from({ length: QUARTERS_A_DAY }, (_, quarter) =>
    windows.some(({ from, until }) => from <= quarter && quarter < until),
  );
  const busy = quarters.map((isPeak) => (isPeak ? "1" : "0")).join("");
  return DAYS.map((day) => (days.includes(day) ? busy : "0".repeat(QUARTERS_A_DAY))).join("");
}

export function peakTimes(week: string): PeakTimes {
  const days = DAYS.filter((day) => dayOf(week, day).includes("1"));
  const windows = [...dayOf(week, days[0] ?? 1).matchAll(/1+/g)].map(({ index, 0: marks }) => ({
    from: index,
    until: index + marks.length,
  }));
  return { days, windows };
}

function dayOf(week: string, day: number): string {
  return week.slice((day - 1) * QUARTERS_A_DAY, day * QUARTERS_A_DAY);
}
