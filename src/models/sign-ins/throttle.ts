import { config } from "../../config.js";

const LONGEST_WAIT_MS = 15 * 60_000;
const FORGOTTEN_AFTER_MS = 24 * 60 * 60_000;
const MOST_KEPT = 50_000;

interface Failures {
  count: number;
  lastAt: number;
}

// In the order of their last failure, so that the oldest are forgotten first.
const failures = new Map<string, Failures>();

/** How long this key has to wait before its next attempt: 0, or 1 s doubling up to 15 minutes. */
export function secondsToWait(key: string, now = performance.now()): number {
  const record = failures.get(key);
  if (!record) return 0;

  const waitMs = waitAfter(record.count) - (now - record.lastAt);
  return waitMs > 0 ? Math.ceil(waitMs / 1000) : 0;
}

export function failed(key: string, now = performance.now()) {
  const record = failures.get(key);
  const count = record && now - record.lastAt < FORGOTTEN_AFTER_MS ? record.count + 1 : 1;

  failures.delete(key);
  failures.set(key, { count, lastAt: now });
  if (failures.size > MOST_KEPT) failures.delete(failures.keys().next().value as string);
}

/** A guess is counted before it is looked at, so that many at once do not all slip past. */
export async function whileCounted<T>(key: string, look: () => Promise<T>): Promise<T> {
  failed(key);

  try {
    return await look();
  } catch (error) {
    // A server that is too busy to look has not seen a wrong password.
    takenBack(key);
    throw error;
  }
}

function takenBack(key: string) {
  const record = failures.get(key);
  if (record) record.count -= 1;
}

export function succeeded(key: string) {
  failures.delete(key);
}

function waitAfter(count: number): number {
  const beyond = count - config.limits.failedLogins;
  return beyond < 0 ? 0 : Math.min(1000 * 2 ** beyond, LONGEST_WAIT_MS);
}
