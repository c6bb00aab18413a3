import type { Trial } from "./trial.js";
import { broken, type Violation } from "./violation.js";

const MOST_WAITED_MS = 15_000;

/** P6: every request ends. */
export function nothingHung(trial: Trial): Violation[] {
  return trial.deeds.flatMap(({ op, operation, invokedAt, endedAt }) => {
    if (endedAt === null) return broken("P6", `${operation.name} (operation ${op}) never ended`);
    const waited = trial.undisturbedMs(invokedAt, endedAt);
    if (waited <= MOST_WAITED_MS) return [];
    return broken("P6", `${operation.name} (operation ${op}) took ${Math.round(waited)} ms`);
  });
}
