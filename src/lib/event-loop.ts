import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import { log } from "./log.js";
import { counter } from "./metrics.js";

const RESOLUTION_MS = 20;
// Nobody's stream may stand still for longer because of what somebody else does.
const STALL_MS = 250;

const stalls = counter(
  "aifacade_event_loop_stalls_total",
  "Looks at the event loop that found it had stood still for more than 250 ms since the last.",
);

let delays: IntervalHistogram | null = null;

/** Begins to measure how late the event loop is. */
export function watchEventLoop(): void {
  delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
}

/** Says in the log when the event loop stood still since the last call, and for how long. */
export function noteStalls(): void {
  if (!delays) return;
  const [longestMs, p99Ms] = [delays.max, delays.percentile(99)].map(lateness);
  delays.reset();

  if (longestMs !== undefined && longestMs > STALL_MS) {
    stalls.inc();
    log.warn({ longestMs, p99Ms }, "the event loop stood still: meanwhile everybody waited");
  }
}

// Nanoseconds between two looks, of which one resolution is the wait that was asked for.
function lateness(nanoseconds: number): number {
  return Math.round(nanoseconds / 1e6) - RESOLUTION_MS;
}
