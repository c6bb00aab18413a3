import type { Balance } from "../deepseek/types.js";
import { log } from "../lib/log.js";
import type { Upstream } from "./upstream/opening.js";
import { findUpstream } from "./upstream.js";

const FRESH_FOR_MS = 5 * 60_000;
const ASKED_AGAIN_AFTER_MS = 30_000;
const TIMEOUT_MS = 5_000;

/** What is left on the provider's account, as it was told last; null while it has told nothing. */
export interface KnownBalance {
  balance: (Balance & { at: Date }) | null;
  /** The last attempt has failed. */
  failed: boolean;
}

let known: KnownBalance = { balance: null, failed: false };
let dueAt = 0;
let asking = false;

/** What is known at this moment: no page waits for the provider. Null where the settings' own tells no balance. */
export function currentBalance(): KnownBalance | null {
  const upstream = findUpstream(null);
  if (!upstream || upstream.isDemo || !upstream.isDeepSeek) return null;

  if (performance.now() >= dueAt && !asking) void ask(upstream);
  return known;
}

async function ask({ client }: Upstream) {
  asking = true;
  try {
    const balance = await client.balance({ signal: AbortSignal.timeout(TIMEOUT_MS) });
    known = { balance: { ...balance, at: new Date() }, failed: false };
    dueAt = performance.now() + FRESH_FOR_MS;
  } catch (error) {
    log.warn({ reason: String(error) }, "the provider's balance could not be read");
    known = { ...known, failed: true };
    dueAt = performance.now() + ASKED_AGAIN_AFTER_MS;
  } finally {
    asking = false;
  }
}
