import { escapeHtml } from "../lib/html.js";

const DATE = new Intl.DateTimeFormat("en", {
  dateStyle: "medium",
  timeStyle: "short",
  timeZone: "UTC",
});

/** A <time> in UTC; in the browser, <local-time> tells it in the reader's zone. */
export function timeTag(date: Date): string {
  return `<time datetime="${date.toISOString()}">${escapeHtml(DATE.format(date))} UTC</time>`;
}
