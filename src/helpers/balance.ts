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
  return spent > 0n && amount > 0n ? `${text}: ${lasting(amount, spent)}` : text;
}

function lasting(amount: bigint, spent: bigint): string {
  const days = Number((amount * 7n) / spent);
  const pace = "at the pace of the last 7 days";
  if (days > MOST_DAYS) return `more than ${count(MOST_DAYS)} days ${pace}`;
  if (days < 1) return `less than a day ${pace}`;
  return `about ${days} ${days === 1 ? "day" : "days"} ${pace}`;
}

// "110.00" to 10^-12 of the currency, without a floating number in between.
function amountOf(total: string): bigint {
  const [whole = "0", fraction = ""] = total.split(".");
  return BigInt(`${whole}${fraction.padEnd(DIGITS, "0")}`);
}
