import { language, t } from "../lib/texts.js";
import { decimal } from "./numbers.js";

/** An amount in 10^-12 of its currency. */
interface Money {
  currency: string;
  amount: bigint;
}

const DIGITS = 12;
const MOST_DECIMALS = 6;
const SIGNS: Record<string, string> = { USD: "$", EUR: "€", GBP: "£", CNY: "¥" };
const WHOLE = new Intl.NumberFormat(language);

/** "$12.34", "$0.00031": two decimals, or as many as the first two digits that are not zero need. */
export function money({ currency, amount }: Money): string {
  const sign = SIGNS[currency] ?? `${currency} `;
  if (amount === 0n) return `${sign}0`;

  const decimals = decimalsFor(amount);
  const unit = 10n ** BigInt(DIGITS - decimals);
  const rounded = (amount + unit / 2n) / unit;
  if (rounded === 0n) {
    return t("less than {amount}", {
      amount: sign + decimal(`0.${"1".padStart(MOST_DECIMALS, "0")}`),
    });
  }

  const scale = 10n ** BigInt(decimals);
  const fraction = String(rounded % scale).padStart(decimals, "0");
  return `${sign}${WHOLE.format(rounded / scale)}${decimal(`.${fraction}`)}`;
}

/** "$1.20 + ¥3.00": what was paid in several currencies cannot be one number. */
export function sums(amounts: readonly Money[]): string {
  return amounts.map(money).join(" + ");
}

/** All of its digits, for a machine: "0.00031". */
export function exactAmount(amount: bigint): string {
  const digits = String(amount).padStart(DIGITS + 1, "0");
  const fraction = digits.slice(-DIGITS).replace(/0+$/, "");
  return `${digits.slice(0, -DIGITS)}${fraction && `.${fraction}`}`;
}

/** "0.15": a rate in millionths as it is written in a form. */
export function rateText(millionths: number): string {
  return exactAmount(BigInt(millionths) * 1_000_000n);
}

// The first digit that is not zero stands at this place behind the point.
function decimalsFor(amount: bigint): number {
  const first = DIGITS + 1 - String(amount).length;
  return Math.min(Math.max(2, first + 1), MOST_DECIMALS);
}
