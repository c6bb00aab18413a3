// Money is counted in whole numbers: rates in millionths for a million tokens, so their products in 10^-12 of a currency.

/** An amount in 10^-12 of its currency. */
export interface Money {
  currency: string;
  amount: bigint;
}

export interface Tokens {
  promptTokens: number | null;
  /** Those of them that came from the provider's cache. */
  cachedTokens: number | null;
  completionTokens: number | null;
}

/** What a million tokens cost, in millionths of the currency, and whether it was peak time; all null where no price is known. */
export interface Rates {
  currency: string | null;
  cachedRate: number | null;
  promptRate: number | null;
  completionRate: number | null;
  peakCachedRate: number | null;
  peakPromptRate: number | null;
  peakCompletionRate: number | null;
  isPeak: number | null;
}

/** What tokens have cost; null where no price or no tokens are known: that is not nothing. */
export function costOf(tokens: Tokens, rates: Rates): Money | null {
  if (rates.currency === null || tokens.promptTokens === null) return null;

  const cached = Math.min(tokens.cachedTokens ?? 0, tokens.promptTokens);
  const { cachedRate, promptRate, completionRate } = rates.isPeak ? peakRates(rates) : rates;
  const amount =
    product(cached, cachedRate) +
    product(tokens.promptTokens - cached, promptRate) +
    product(tokens.completionTokens ?? 0, completionRate);
  return { currency: rates.currency, amount };
}

function peakRates({ peakCachedRate, peakPromptRate, peakCompletionRate }: Rates) {
  return {
    cachedRate: peakCachedRate,
    promptRate: peakPromptRate,
    completionRate: peakCompletionRate,
  };
}

function product(tokens: number, rate: number | null): bigint {
  return BigInt(tokens) * BigInt(rate ?? 0);
}

/** One amount for each currency, the largest first. */
export function sum(amounts: readonly Money[]): Money[] {
  const sums = new Map<string, bigint>();
  for (const { currency, amount } of amounts) {
    sums.set(currency, (sums.get(currency) ?? 0n) + amount);
  }
  return [...sums]
    .map(([currency, amount]) => ({ currency, amount }))
    .sort((a, b) => compare(b.amount, a.amount));
}

export function compare(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
