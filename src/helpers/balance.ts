import { plural, t } from "../lib/texts.js";
import { money } from "./money.js";
import { count } from "./numbers.js";

interface Amount {
  currency: string;
  total: string;
}

interface Spent {
  currency: string;
  amount: bigint;
}

const MOST_DAYS = 1000;
const DIGITS = 12;

/** "$110.00, about 40 days at the pace of the last seven"; what has a currency that nothing was spent in lasts. */
export function balanceLine({ currency, total }: Amount, spentInAWeek: readonly Spent[]): string {
  const amount = amountOf(total);
  const [sign, size] = amount < 0n ? ["−", -amount] : ["", amount];
  const text = sign + money({ currency, amount: size });
  const spent = spentInAWeek.find((sum) => sum.currency === currency)?.amount ?? 0n;
  return spent > 0n && amount > 0n ? lasting(text, Number((amount * 7n) / spent)) : text;
}

function lasting(amount: string, days: number): string {
  if (days < 1) return t("{amount}: less than a day at the pace of the last 7 days", { amount });
  if (days > MOST_DAYS) {
    return t("{amount}: more than {count} days at the pace of the last 7 days", {
      amount,
      count: count(MOST_DAYS),
    });
  }
  return plural(
    days,
    "{amount}: about {count} day at the pace of the last 7 days",
    "{amount}: about {count} days at the pace of the last 7 days",
    { amount },
  );
}

// "110.00" to 10^-12 of the currency, without a floating number in between.
function amountOf(total: string): bigint {
  const [whole = "0", fraction = ""] = total.split(".");
  return BigInt(`${whole}${fraction.padEnd(DIGITS, "0")}`);
}
