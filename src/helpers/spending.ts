import { plural, t } from "../lib/texts.js";
import { barChart, partOf } from "./charts.js";
import { sums } from "./money.js";
import { count, portion, tokensText } from "./numbers.js";

/** What requests came to. */
export interface Totals {
  requests: number;
  untold: number;
  promptTokens: number;
  cachedTokens: number | null;
  completionTokens: number;
  reasoningTokens: number | null;
  money: { currency: string; amount: bigint }[];
  unpriced: number;
}

/** Totals as they are shown. */
export interface Spending {
  requests: string;
  read: string;
  /** How much of what was read came from the cache. */
  cached: string;
  written: string;
  tokens: string;
  /** "≈ $1.20"; null where nothing has a price. */
  cost: string | null;
}

/** By what a chart of totals is drawn. */
export interface Measure {
  name: string;
  of(totals: Totals): number;
}

export function spending(totals: Totals): Spending {
  const { promptTokens, completionTokens } = totals;
  return {
    requests: count(totals.requests),
    read: count(promptTokens),
    cached: portion(totals.cachedTokens, promptTokens),
    written: count(completionTokens),
    tokens: count(promptTokens + completionTokens),
    cost: totals.money.length > 0 ? `≈ ${sums(totals.money)}` : null,
  };
}

/** What cannot be in the sums, in words. */
export function gapsIn({ untold, unpriced, money: amounts }: Totals): string[] {
  const gaps: string[] = [];
  if (untold > 0) {
    gaps.push(
      plural(
        untold,
        "{count} request is missing in these sums: no tokens were told for it, as when an answer is stopped.",
        "{count} requests are missing in these sums: no tokens were told for them, as when an answer is stopped.",
        { count: count(untold) },
      ),
    );
  }
  if (unpriced > 0 && amounts.length > 0) {
    gaps.push(
      plural(
        unpriced,
        "Of {count} tokens no price is known: no sum of money holds them.",
        "Of {count} tokens no price is known: no sum of money holds them.",
        { count: count(unpriced) },
      ),
    );
  } else if (unpriced > 0) {
    gaps.push(t("Of these tokens no price is known: no sum of money holds them."));
  }
  return gaps;
}

/** Above a conversation: "94 % from the cache · ≈ $0.012"; null while nothing is known. */
export function spentLine(totals: Totals): string | null {
  const tokens = totals.promptTokens + totals.completionTokens;
  if (tokens === 0) return null;

  const parts = [totals.money.length > 0 ? `≈ ${sums(totals.money)}` : tokensText(tokens)];
  if (totals.cachedTokens) {
    const part = portion(totals.cachedTokens, totals.promptTokens);
    parts.unshift(t("{portion} from the cache", { portion: part }));
  }
  return parts.join(" · ");
}

/** By what a chart of these is drawn: by money where all of it is in one currency, else by tokens. */
export function measureOf(whole: Totals): Measure {
  return whole.money.length === 1
    ? { name: t("Cost"), of: ({ money: [first] }) => Number(first?.amount ?? 0) }
    : {
        name: t("Tokens"),
        of: ({ promptTokens, completionTokens }) => promptTokens + completionTokens,
      };
}

/** Totals side by side, as bars and as the rows of a table, and the largest of them in words. */
export function charted(slots: readonly { label: string; totals: Totals }[], measure: Measure) {
  const rows = slots.map(({ label, totals }) => {
    const shown = spending(totals);
    const title = `${label}: ${shown.cost ?? tokensText(totals.promptTokens + totals.completionTokens)}`;
    return { label, title, value: measure.of(totals), ...shown };
  });
  const most = rows.reduce((a, b) => (b.value > a.value ? b : a));
  return { slots: rows, most: most.title, chart: barChart(rows) };
}

/** Groups in the order of what they came to, with a bar for each. */
export function ranked<Key>(groups: ReadonlyMap<Key, Totals>, measure: Measure) {
  const longest = [...groups.values()].reduce((most, one) => Math.max(most, measure.of(one)), 0);
  return [...groups]
    .sort(([, a], [, b]) => dearestFirst(a, b))
    .map(([key, totals]) => ({
      key,
      bar: partOf(measure.of(totals), longest),
      ...spending(totals),
    }));
}

// Money first, whatever its currency; what has no price comes behind, by its tokens.
function dearestFirst(a: Totals, b: Totals): number {
  const [left, right] = [a.money[0]?.amount ?? 0n, b.money[0]?.amount ?? 0n];
  if (left !== right) return left < right ? 1 : -1;
  return b.promptTokens + b.completionTokens - a.promptTokens - a.completionTokens;
}
