import type { UpstreamError } from "./errors.js";
import type { Retries } from "./types.js";

const WORTH_ANOTHER_TRY = new Set([
  "unreachable",
  "busy",
  "overloaded",
  "upstream_error",
  "cut_off",
  "empty_answer",
]);
const DAY_MS = 86_400_000;

/**
 * How long to wait before the next attempt, or null when there shall be none. Ask only before the first text.
 * A clock that ran out is not retried: the answer may have been paid for.
 */
export function retryDelay(
  failure: UpstreamError,
  attempt: number,
  { rules, random }: { rules: Retries; random: number },
): number | null {
  if (attempt > rules.most || !WORTH_ANOTHER_TRY.has(failure.kind)) return null;

  const asked = failure.retryAfterMs ?? 0;
  if (asked > rules.longestRetryAfterMs) return null;

  return Math.max(asked, ownDelay(failure, attempt, { rules, random }));
}

function ownDelay(
  failure: UpstreamError,
  attempt: number,
  { rules, random }: { rules: Retries; random: number },
): number {
  // A kept-alive connection that the server closed as it was used again; undici never resends a POST by itself.
  const stale = failure.kind === "unreachable" && failure.phase === "headers" && attempt === 1;
  if (stale) return 0;

  const delay = Math.min(rules.firstDelayMs * 2 ** (attempt - 1), rules.longestDelayMs);
  return Math.round(delay * (1 - random / 4));
}

/** A Retry-After header (seconds or a date) in milliseconds, at most a day; null when it says nothing sensible. */
export function retryAfter(header: string | string[] | undefined, now: number): number | null {
  if (typeof header !== "string") return null;

  const text = header.trim();
  // Date.parse takes "-5" and "1e9" for years.
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : dateOf(text) - now;
  return Number.isNaN(ms) ? null : Math.min(Math.max(0, Math.round(ms)), DAY_MS);
}

function dateOf(text: string): number {
  return /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : Number.NaN;
}
