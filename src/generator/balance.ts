import type { Balance } from "../deepseek/types.js";
import { log } from "../lib/log.js";
import type { Upstream } from "./upstream/opening.js";
import { findAdded, upstreams } from "./upstream.js";

const FRESH_FOR_MS = 5 * 60_000;
const ASKED_AGAIN_AFTER_MS = 30_000;
const TIMEOUT_MS = 5_000;

/** What is left on a provider's account, as it was told last; null while it has told nothing. */
export interface KnownBalance {
  balance: (Balance & { at: Date }) | null;
  /** The last attempt has failed. */
  failed: boolean;
}

/** The same with whose it is; null: the settings' own. */
export interface ProvidersBalance extends KnownBalance {
  provider: { id: string; name: string } | null;
}

interface Asked {
  known: KnownBalance;
  dueAt: number;
  asking: boolean;
}

// A provider that was changed is another server, of another account.
const balances = new WeakMap<Upstream, Asked>();

/** What is known at this moment of the providers that tell a balance: no page waits for one. */
export function currentBalances(): ProvidersBalance[] {
  const telling = upstreams().filter(({ isDemo, isDeepSeek }) => isDeepSeek && !isDemo);
  return telling.map((upstream) => ({ ...balanceOf(upstream), provider: providerOf(upstream) }));
}

function providerOf({ id }: Upstream): ProvidersBalance["provider"] {
  return id === null ? null : { id, name: findAdded(id)?.provider.name ?? "" };
}

function balanceOf(upstream: Upstream): KnownBalance {
  const known = { balance: null, failed: false };
  const asked = balances.get(upstream) ?? { known, dueAt: 0, asking: false };
  balances.set(upstream, asked);
  if (performance.now() >= asked.dueAt && !asked.asking) void ask(upstream, asked);
  return asked.known;
}

async function ask({ id, client }: Upstream, asked: Asked) {
  asked.asking = true;
  try {
    const balance = await client.balance({ signal: AbortSignal.timeout(TIMEOUT_MS) });
    asked.known = { balance: { ...balance, at: new Date() }, failed: false };
    asked.dueAt = performance.now() + FRESH_FOR_MS;
  } catch (error) {
    const reason = String(error);
    log.warn({ upstream: id ?? "default", reason }, "the provider's balance could not be read");
    asked.known = { ...asked.known, failed: true };
    asked.dueAt = performance.now() + ASKED_AGAIN_AFTER_MS;
  } finally {
    asked.asking = false;
  }
}
