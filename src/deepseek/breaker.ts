import { type FailureKind, UpstreamError } from "./errors.js";

/** When to stop asking a server that is down, and how often to look whether it is back. */
export interface BreakerRules {
  /** So many failures in a row open the circuit. */
  mostFailures: number;
  /** From opening to the first look; twice as long after each look in vain. */
  pauseMs: number;
  longestPauseMs: number;
}

/** "open": nothing is sent; "half-open": one look, or one request, is under way that decides. */
export interface Circuit {
  state: "closed" | "open" | "half-open";
  /** What the server last failed with; null while closed. */
  failure: FailureKind | null;
  /** Until the next look; null unless open. */
  retryInMs: number | null;
}

const DOWN = new Set<FailureKind>(["unreachable", "overloaded", "upstream_error", "no_answer"]);
/** A request that was let through may be given up without a word; then another one is. */
const TRIAL_MS = 10_000;

/**
 * A circuit breaker (Nygard, "Release It!"): after failures in a row that mean "the server is down"
 * every request fails at once, until a look finds the server back. `probe` is that look, and rejects
 * while the server is down; without rules the circuit stays closed.
 */
export class Breaker {
  readonly #rules: BreakerRules | null;
  readonly #probe: () => Promise<unknown>;
  readonly #tell: (circuit: Circuit) => void;
  #state: Circuit["state"] = "closed";
  #failures = 0;
  #failure: FailureKind | null = null;
  #pauseMs = 0;
  #looksAt = 0;
  #trialUntil = 0;
  #timer: NodeJS.Timeout | null = null;
  #hasEnded = false;

  constructor(
    rules: BreakerRules | null,
    probe: () => Promise<unknown>,
    tell: (circuit: Circuit) => void = () => {},
  ) {
    this.#rules = rules;
    this.#probe = probe;
    this.#tell = tell;
  }

  get circuit(): Circuit {
    const isOpen = this.#state === "open";
    const retryInMs = isOpen ? Math.max(0, Math.round(this.#looksAt - performance.now())) : null;
    return { state: this.#state, failure: this.#failure, retryInMs };
  }

  /** Throws while the server is not to be asked. */
  admit() {
    if (this.#state === "closed") return;
    if (this.#state === "half-open" && performance.now() > this.#trialUntil) {
      this.#trialUntil = performance.now() + TRIAL_MS;
      return;
    }

    throw new UpstreamError("down", `not asked, because of ${this.#failure}`, { phase: "connect" });
  }

  /** The server took a request: one failure more would open the circuit again. */
  accepted() {
    if (this.#state !== "closed") this.#close((this.#rules?.mostFailures ?? 1) - 1);
  }

  succeeded() {
    this.#failures = 0;
    if (this.#state !== "closed") this.#close(0);
  }

  /** Counts a failure that means "down"; any other is a sign of life. */
  failed({ kind }: UpstreamError) {
    if (kind === "down" || !this.#rules) return;
    if (!DOWN.has(kind)) return this.succeeded();

    this.#failures += 1;
    if (this.#state === "open" || this.#failures < this.#rules.mostFailures) return;
    this.#failure = kind;
    this.#open(this.#rules);
  }

  /** Nobody asks any more, so nothing is looked for. */
  end() {
    this.#hasEnded = true;
    this.#forgetLook();
  }

  #forgetLook() {
    if (this.#timer) clearTimeout(this.#timer);
  }

  #open({ pauseMs, longestPauseMs }: BreakerRules) {
    const wasClosed = this.#state === "closed";
    this.#pauseMs = wasClosed ? pauseMs : Math.min(this.#pauseMs * 2, longestPauseMs);
    this.#state = "open";
    this.#looksAt = performance.now() + this.#pauseMs;
    this.#forgetLook();
    if (!this.#hasEnded) this.#timer = setTimeout(() => void this.#look(), this.#pauseMs).unref();
    if (wasClosed) this.#tell(this.circuit);
  }

  #close(failures: number) {
    this.#forgetLook();
    this.#state = "closed";
    this.#failures = failures;
    this.#failure = null;
    this.#tell(this.circuit);
  }

  async #look() {
    this.#state = "half-open";
    this.#trialUntil = Number.POSITIVE_INFINITY;

    try {
      await this.#probe();
      this.accepted();
    } catch (error) {
      this.#judge(error);
    }
  }

  // A server that speaks, but not well, may fail at this and do well with what it is for: a request decides.
  #judge(error: unknown) {
    const failure = error instanceof UpstreamError ? error : null;

    if (failure && !DOWN.has(failure.kind)) this.accepted();
    else if (failure?.status) this.#trialUntil = 0;
    else if (this.#rules) this.#open(this.#rules);
  }
}
