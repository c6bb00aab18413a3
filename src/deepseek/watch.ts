import { type FailureKind, type Phase, UpstreamError } from "./errors.js";
import type { Clocks } from "./types.js";

export interface Limit {
  ms: number;
  kind: FailureKind;
  phase: Phase;
  detail: string;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;
// Node counts whole milliseconds, so a timer may fire this much before its time.
const TIMER_STEP_MS = 1;
// After a standstill of this process its timers come first, and what has arrived meanwhile is read only then.
const LAST_LOOK_MS = 20;

/**
 * Ends one exchange by aborting it: when the caller says so, when all of it took too long, or when the server
 * kept us waiting. Own timers, because undici's are coarse, and a comment winds its body timeout up again.
 */
export class Watch {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal;
  readonly #total: NodeJS.Timeout;
  #limit: Limit | null = null;
  #timer: NodeJS.Timeout | undefined;
  #firesAt = Number.POSITIVE_INFINITY;
  #endsAt = 0;
  #pausedAt: number | null = null;
  #isLastLook = false;

  constructor(caller: AbortSignal, totalMs: number) {
    this.#caller = caller;
    this.#total = after(totalMs, () => this.#stop(failureOf(tookTooLong(totalMs))));
    // Not AbortSignal.any: in Node 20 its followers pile up on a signal that lives long.
    caller.addEventListener("abort", this.#onAbort);
    if (caller.aborted) this.#onAbort();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get calledOff(): boolean {
    return this.#caller.aborted;
  }

  /** From now on the server may keep us waiting this long, and no longer. */
  expect(limit: Limit): void {
    this.#limit = limit;
    this.#endsAt = performance.now() + limit.ms;
    this.#pausedAt = null;
    this.#isLastLook = false;
    this.#arm();
  }

  /** While the caller is busy with a delta, time is not the server's to account for. */
  pause(): void {
    this.#pausedAt = performance.now();
  }

  /** Throws why the exchange was ended, if it was. */
  resume(): void {
    this.signal.throwIfAborted();
    if (this.#pausedAt !== null) this.#endsAt += performance.now() - this.#pausedAt;
    this.#pausedAt = null;
    this.#arm();
  }

  close(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#total);
    this.#caller.removeEventListener("abort", this.#onAbort);
  }

  // Each piece of text moves the end further away: a timer that fires too early looks again.
  #arm(): void {
    if (this.#limit === null || this.#firesAt <= this.#endsAt) return;

    clearTimeout(this.#timer);
    this.#firesAt = this.#endsAt;
    this.#timer = after(this.#endsAt - performance.now(), this.#onTimer);
  }

  readonly #onAbort = () => this.#stop(this.#caller.reason);

  readonly #onTimer = () => {
    this.#firesAt = Number.POSITIVE_INFINITY;
    if (this.#pausedAt !== null) return;

    if (this.#endsAt - performance.now() > TIMER_STEP_MS) this.#arm();
    else if (!this.#isLastLook) this.#lookOnceMore();
    else this.#stop(this.#limit && failureOf(this.#limit));
  };

  #lookOnceMore(): void {
    this.#isLastLook = true;
    this.#timer = after(LAST_LOOK_MS, this.#onTimer);
  }

  #stop(reason: unknown): void {
    this.close();
    this.#controller.abort(reason);
  }
}

function after(ms: number, act: () => void): NodeJS.Timeout {
  return setTimeout(act, Math.min(Math.max(0, ms), LONGEST_TIMER_MS));
}

function failureOf({ kind, phase, detail, ms }: Limit): UpstreamError {
  return new UpstreamError(kind, `${detail} within ${Math.round(ms)} ms`, { phase });
}

function tookTooLong(ms: number): Limit {
  return { ms, kind: "took_too_long", phase: "body", detail: "not all of the answer came" };
}

export function headersLimit({ headersMs }: Clocks): Limit {
  return { ms: headersMs, kind: "no_answer", phase: "headers", detail: "no headers came" };
}

export function firstTokenLimit({ firstTokenMs }: Clocks): Limit {
  return { ms: firstTokenMs, kind: "no_answer", phase: "body", detail: "no first text came" };
}

export function betweenTokensLimit({ betweenTokensMs }: Clocks): Limit {
  return { ms: betweenTokensMs, kind: "stalled", phase: "body", detail: "no further text came" };
}

/** For an end that need not come. */
export function goodbyeLimit(ms: number): Limit {
  return { ms, kind: "cut_off", phase: "body", detail: "no end came" };
}
