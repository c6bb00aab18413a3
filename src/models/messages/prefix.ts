// The provider's cache gives back what begins as something did that it has read before. Each answer's request begins as
// the one before it did, so what that had is what this one can have from the cache.
import type { Counts } from "../usage.js";

/** Why an answer was given with less from the cache than it could have had. */
export type Miss = "model" | "instructions" | "left_out" | "aged" | "unknown";

/** What an answer was asked with. */
export interface Asking extends Pick<Counts, "promptTokens" | "cachedTokens"> {
  /** Seconds since 1970. */
  askedAt: number;
  providerId: string | null;
  model: string | null;
  systemDigest: string | null;
  oldestDigest: string | null;
}

// A few hundred tokens are less than providers keep.
const FEWEST_TOKENS = 256;
// DeepSeek keeps it for "hours to days"; what it drops after a shorter while is its own affair.
const KEPT_SECONDS = 3600;

/** Null where the cache had at least half of what it could have, or nobody can tell. */
export function missOf(answer: Asking, before: Asking | null): Miss | null {
  const possible = before?.promptTokens ?? 0;
  if (!before || answer.cachedTokens === null || possible < FEWEST_TOKENS) return null;
  if (answer.cachedTokens >= possible / 2) return null;

  if (answer.model !== before.model || answer.providerId !== before.providerId) return "model";
  if (answer.systemDigest !== before.systemDigest) return "instructions";
  if (answer.oldestDigest !== before.oldestDigest) return "left_out";
  return answer.askedAt - before.askedAt > KEPT_SECONDS ? "aged" : "unknown";
}
