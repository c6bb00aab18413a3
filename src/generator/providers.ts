// The providers that were added, as administrators see to them.
import type { Model } from "../deepseek/types.js";
import { upstreamState } from "./health.js";
import type { Upstream } from "./upstream/opening.js";
import type { Trouble } from "./upstream/trouble.js";
import { addedProviders, findAdded, rereadProviders, upstreamOf } from "./upstream.js";

/** How a provider does. */
export interface Condition {
  state:
    | "answers"
    | "off"
    | "key_unreadable"
    | "unauthorized"
    | "no_credit"
    | "down"
    | "unlisted"
    | "unknown";
  /** How many models its list has. */
  models: number;
  /** Until it is looked for again, while it is down. */
  retryInMs: number | null;
  /** Why its list could not be read. */
  trouble: Trouble | null;
}

const NOTHING_KNOWN = { models: 0, retryInMs: null, trouble: null };

/** Takes up what was changed of a provider; comes back when its list is there or cannot be had. */
export async function takeUp(id: string) {
  await rereadProviders();
  await findAdded(id)?.upstream?.list.refreshed();
}

/** Asks a provider for its list now: its condition is of this moment then. */
export async function examine(id: string) {
  await findAdded(id)?.upstream?.list.ask();
}

/** What a provider's list has, as far as it is known. */
export function listed(id: string): Model[] {
  return findAdded(id)?.upstream?.list.models ?? [];
}

/** Without an id, of the settings' own server. */
export function conditionOf(id: string | null): Condition {
  if (id === null) return conditionAt(upstreamOf(null));

  const added = findAdded(id);
  if (!added?.provider.active) return { state: "off", ...NOTHING_KNOWN };
  if (!added.upstream) return { state: "key_unreadable", ...NOTHING_KNOWN };
  return conditionAt(added.upstream);
}

/** Those that take no questions until an administrator mends it, for banners. */
export function refusing() {
  return addedProviders().flatMap(({ provider, upstream }) =>
    upstream?.refusal ? { name: provider.name, refusal: upstream.refusal } : [],
  );
}

function conditionAt(upstream: Upstream): Condition {
  const { list, refusal } = upstream;
  const { circuit, retryInMs } = upstreamState(upstream.id);
  const trouble = list.failure === null ? null : upstream.troubleOf(list.failure);
  const known = { models: list.models.length, retryInMs, trouble };

  if (refusal) return { state: refusal, ...known };
  if (circuit !== "closed") return { state: "down", ...known };
  if (trouble) return { state: "unlisted", ...known };
  return { state: list.isKnown ? "answers" : "unknown", ...known };
}
