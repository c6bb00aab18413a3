// The models' servers that are asked: the settings' own, whose id is null, and those that an administrator has added.
import * as providers from "../models/providers.js";
import { nextEdition } from "./upstream/edition.js";
import { openAdded, openOwn, type Upstream } from "./upstream/opening.js";

/** Why there is no server to ask, as an answer says it. */
export type Absence = "provider_gone" | "provider_off" | "key_unreadable";

/** An added provider as it stands in its row, with its server where that may be asked. */
export interface Added {
  provider: providers.Provider;
  /** null: it is switched off, or its key cannot be read. */
  upstream: Upstream | null;
}

/** An answer was to come from a provider that is not there to be asked. */
export class NoProvider extends Error {
  readonly kind: Absence;

  constructor(kind: Absence) {
    super(kind);
    this.kind = kind;
  }
}

let own: Upstream | null = null;
let added = new Map<string, Added>();
let rereading: Promise<void> = Promise.resolve();

export async function openUpstreams(): Promise<void> {
  own = await openOwn();
  await rereadProviders();
}

export async function closeUpstreams(): Promise<void> {
  await Promise.all(upstreams().map((upstream) => upstream.close()));
  own = null;
  added = new Map();
}

/** Takes up what has changed in the rows of the providers; what is being answered goes on as it was begun. */
export function rereadProviders(): Promise<void> {
  // One after the other: what was read earlier must not come later.
  rereading = rereading.catch(() => {}).then(reread);
  return rereading;
}

async function reread() {
  const rows = await providers.list();
  const before = added;
  added = new Map(rows.map((row) => [row.id, renewed(row, before.get(row.id))]));

  nextEdition();
  for (const { list } of upstreams()) void list.refreshed();
  const kept = new Set(upstreams());
  for (const { upstream } of before.values()) {
    if (upstream && !kept.has(upstream)) upstream.client.retire();
  }
}

function renewed(provider: providers.Provider, before: Added | undefined): Added {
  if (before?.upstream && isSameServer(provider, before.provider))
    return { provider, upstream: before.upstream };

  const key = providers.keyOf(provider);
  const mayBeAsked = provider.active && key.readable;
  return { provider, upstream: mayBeAsked ? openAdded(provider, key.apiKey) : null };
}

function isSameServer(now: providers.Provider, before: providers.Provider): boolean {
  return (["baseUrl", "dialect", "sealedKey", "active"] as const).every(
    (name) => now[name] === before[name],
  );
}

/** Every server that may be asked, the settings' own first. */
export function upstreams(): Upstream[] {
  const others = [...added.values()].flatMap(({ upstream }) => upstream ?? []);
  return own ? [own, ...others] : others;
}

/** The added providers, whether they may be asked or not, the oldest first. */
export function addedProviders(): Added[] {
  return [...added.values()];
}

export function findAdded(id: string): Added | null {
  return added.get(id) ?? null;
}

/** The server to ask; throws a NoProvider where there is none. */
export function upstreamOf(id: string | null): Upstream {
  const upstream = findUpstream(id);

  if (upstream) {
    return upstream;
  } else {
    throw new NoProvider(absenceOf(String(id)) ?? "provider_gone");
  }
}

/** The same, or null. */
export function findUpstream(id: string | null): Upstream | null {
  return id === null ? ownUpstream() : (added.get(id)?.upstream ?? null);
}

/** Why an added provider is not there to be asked; null where it is. */
export function absenceOf(id: string): Absence | null {
  const found = added.get(id);
  if (!found) return "provider_gone";
  if (!found.provider.active) return "provider_off";
  return found.upstream ? null : "key_unreadable";
}

function ownUpstream(): Upstream {
  if (own) {
    return own;
  } else {
    throw new Error("openUpstreams() has not been called");
  }
}
