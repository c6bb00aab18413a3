import { escapeHtml } from "../lib/html.js";
import { language, locale } from "../lib/texts.js";

const DATE = new Intl.DateTimeFormat(language, {
  dateStyle: "medium",
  timeStyle: "short",
  timeZone: "UTC",
});

const DAY = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });

/** "Nov 26, 2026, 6:04 PM UTC". */
export function spokenTime(date: Date): string {
  return `${DATE.format(date)} UTC`;
}

/** A <time> in UTC; in the browser, <local-time> tells it in the reader's zone. */
export function timeTag(date: Date): string {
  return `<time datetime="${date.toISOString()}">${escapeHtml(spokenTime(date))}</time>`;
}

/** A <time> that the browser tells in its reader's zone. */
export function localTime(date: Date): string {
  return `<local-time>${timeTag(date)}</local-time>`;
}

/** "15 Nov 2026", by UTC. */
export function dayText(date: Date): string {
  return DAY.format(date);
}
