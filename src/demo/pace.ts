import { setTimeout as wait } from "node:timers/promises";

/** Quick enough to be worth waiting for, slow enough to be read along. */
export const TOKENS_PER_SECOND = 60;

const STEP_MS = 40;
const JITTER = 0.3;
// After a pause (a reader who was slow, a process that was busy) it goes on as before, not in one burst.
const LONGEST_STEP_MS = 200;

/** Tokens at a walking pace, a few joined at each step: many streams cost little. Throws when aborted. */
export async function* paced(
  tokens: readonly string[],
  tokensPerSecond: number,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let owed = 0;
  let next = 0;

  while (next < tokens.length) {
    const before = performance.now();
    await wait(STEP_MS * jitter(), undefined, { signal });

    const stepMs = Math.min(performance.now() - before, LONGEST_STEP_MS);
    owed += (stepMs * tokensPerSecond) / 1000;
    const until = next + Math.floor(owed);
    owed %= 1;

    if (until > next) yield tokens.slice(next, until).join("");
    next = until;
  }
}

function jitter(): number {
  return 1 - JITTER + 2 * JITTER * Math.random();
}
