import { t } from "../lib/texts.js";
import { rateText } from "./money.js";
import { dayText } from "./time.js";

interface Rates {
  cachedRate: number;
  promptRate: number;
  completionRate: number;
}

/** A price as its table knows it. */
export interface PriceRow extends Rates {
  id: number;
  model: string;
  validFrom: Date;
  currency: string;
  peak: (Rates & { days: number[]; windows: { from: number; until: number }[] }) | null;
  quietDays: string[];
  note: string;
}

export const WEEKDAYS = [t("Mon"), t("Tue"), t("Wed"), t("Thu"), t("Fri"), t("Sat"), t("Sun")];
const BUSINESS_DAYS = [1, 2, 3, 4, 5];

/** A line of the table of prices; `provider` is the name of the only one that it is for. */
export function priceLine(price: PriceRow, provider: string | null) {
  const { peak, validFrom } = price;
  const [day, time] = [dayText(validFrom), validFrom.toISOString().slice(11, 16)];
  return {
    id: price.id,
    model: price.model,
    provider,
    since: time === "00:00" ? day : t("{day}, {time} UTC", { day, time }),
    currency: price.currency,
    usual: amountsOf(price),
    peak: peak && amountsOf(peak),
    peakTimes:
      peak &&
      t("{days}, {hours} UTC", { days: dayNames(peak.days), hours: hoursText(peak.windows) }),
    note: price.note,
  };
}

/** What stands in the form of a price. */
export function priceValues(price: PriceRow): Record<string, string> {
  const { peak } = price;
  return {
    model: price.model,
    currency: price.currency,
    validFrom: price.validFrom.toISOString().slice(0, 16),
    cached: rateText(price.cachedRate),
    prompt: rateText(price.promptRate),
    completion: rateText(price.completionRate),
    peakCached: peak ? rateText(peak.cachedRate) : "",
    peakPrompt: peak ? rateText(peak.promptRate) : "",
    peakCompletion: peak ? rateText(peak.completionRate) : "",
    peakHours: peak ? hoursText(peak.windows) : "",
    quietDays: price.quietDays.join(" "),
    note: price.note,
  };
}

/** What stands in the form before anything is typed. */
export function blankPrice(model: string, now: Date): Record<string, string> {
  return { model, currency: "USD", validFrom: `${now.toISOString().slice(0, 10)}T00:00` };
}

/** The days that are ticked in the form. */
export function peakDaysOf(price: PriceRow | null): number[] {
  return price?.peak?.days ?? BUSINESS_DAYS;
}

function amountsOf({ cachedRate, promptRate, completionRate }: Rates) {
  return {
    cached: rateText(cachedRate),
    prompt: rateText(promptRate),
    completion: rateText(completionRate),
  };
}

// "Mon–Fri" where they follow each other.
function dayNames(days: number[]): string {
  const names = days.map((day) => WEEKDAYS[day - 1] ?? "");
  const isRow = days.length > 2 && days.every((day, index) => day === (days[0] ?? 0) + index);
  return isRow ? `${names[0]}–${names.at(-1)}` : names.join(", ");
}

function hoursText(windows: { from: number; until: number }[]): string {
  return windows.map(({ from, until }) => `${timeText(from)}-${timeText(until)}`).join(", ");
}

function timeText(quarter: number): string {
  const hours = String(Math.floor(quarter / 4)).padStart(2, "0");
  return `${hours}:${String(15 * (quarter % 4)).padStart(2, "0")}`;
}
