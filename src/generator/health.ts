import type { Circuit } from "../deepseek/breaker.js";
import type { FailureKind, UpstreamError } from "../deepseek/errors.js";
import { log } from "../lib/log.js";
import { gauge } from "../lib/metrics.js";
import { client } from "./upstream.js";

/** How the upstream does, for banners, metrics and checks of an installation. */
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

type Refusal = "unauthorized" | "no_credit";

let refusal: Refusal | null = null;

gauge(
  "aifacade_upstream_up",
  "1 while the model takes questions, 0 while it is down or refuses all of ours.",
  () => {
    const { circuit, refusal } = upstreamState();
    return circuit === "closed" && refusal === null ? 1 : 0;
  },
);

export function upstreamState(): UpstreamState {
  const { state, failure, retryInMs } = client().circuit();
  return { circuit: state, failure, retryInMs, refusal };
}

export function noteAccepted() {
  if (refusal) log.info("the upstream takes questions again");
  refusal = null;
}

/** Whether a failure says more than the log has already: what befalls everybody's question is one line. */
export function isNews({ kind }: UpstreamError): boolean {
  if (kind === "down") return false;
  if (kind !== "unauthorized" && kind !== "no_credit") return true;

  const isKnown = refusal === kind;
  refusal = kind;
  return !isKnown;
}
