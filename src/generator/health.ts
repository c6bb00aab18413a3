import type { Circuit } from "../deepseek/breaker.js";
import type { FailureKind, UpstreamError } from "../deepseek/errors.js";
import { log } from "../lib/log.js";
import { gauge } from "../lib/metrics.js";
import type { Refusal, Upstream } from "./upstream/opening.js";
import { findUpstream, upstreamOf, upstreams } from "./upstream.js";

/** How an upstream does, for banners, metrics and checks of an installation. */
export interface UpstreamState {
  /** "open": it is down, and nobody's question is sent; "half-open": it is being tried. */
  circuit: Circuit["state"];
  /** What it failed with, while it is down. */
  failure: FailureKind | null;
  /** Until it is looked for again, while it is down. */
  retryInMs: number | null;
  /** Why it takes nobody's question until an administrator mends it; null once it has taken one. */
  refusal: Refusal | null;
}

gauge(
  "aifacade_upstream_up",
  "1 while the default model takes questions, 0 while it is down or refuses all of ours.",
  () => (isUp(upstreamOf(null)) ? 1 : 0),
);
gauge(
  "aifacade_providers_down",
  "Added providers that are down or refuse all of our questions.",
  () => upstreams().filter((upstream) => upstream.id !== null && !isUp(upstream)).length,
);

/** Without an id, of the settings' own. Of one that is not there to be asked there is nothing bad to say. */
export function upstreamState(id: string | null = null): UpstreamState {
  const upstream = findUpstream(id);
  if (!upstream) return { circuit: "closed", failure: null, retryInMs: null, refusal: null };

  const { state, failure, retryInMs } = upstream.client.circuit();
  return { circuit: state, failure, retryInMs, refusal: upstream.refusal };
}

export function noteAccepted(upstream: Upstream) {
  if (upstream.refusal) log.info(about(upstream), "the upstream takes questions again");
  upstream.refusal = null;
}

/** Whether a failure says more than the log has already: what befalls everybody's question is one line. */
export function isNews(upstream: Upstream, { kind }: UpstreamError): boolean {
  if (kind === "down") return false;
  if (kind !== "unauthorized" && kind !== "no_credit") return true;

  const isKnown = upstream.refusal === kind;
  upstream.refusal = kind;
  return !isKnown;
}

function isUp({ client, refusal }: Upstream): boolean {
  return client.circuit().state === "closed" && refusal === null;
}

function about({ id }: Upstream) {
  return { upstream: id ?? "default" };
}
