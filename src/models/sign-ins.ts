import { config } from "../config.js";
import { digest } from "../lib/tokens.js";
import { db } from "../stores/database.js";
import { sessionStore } from "../stores/session-store.js";
import * as passwords from "./passwords.js";
import { secondsToWait, succeeded, whileCounted } from "./sign-ins/throttle.js";
import * as users from "./users.js";

export type SignedIn = { person: users.Person } | Refusal | { waitSeconds: number };

/** What was wrong is for the log: people are told only that something was. */
interface Refusal {
  wrong: "name" | "password" | "suspended";
  userId: string | null;
}

/**
 * Checks a name and a password. Failures slow down whoever causes them: strangers by the account they
 * try, a browser that logged in before by itself, so that nobody can lock the owner out of it.
 */
export async function signIn(
  username: string,
  password: string,
  knownBrowserOf: (userId: string) => string | null,
): Promise<SignedIn> {
  const user = await users.findByUsername(username);
  const browser = user && knownBrowserOf(user.id);
  const key = browser ?? digest("account", users.keyOf(username));

  const waitSeconds = config.limits.on ? secondsToWait(key) : 0;
  if (waitSeconds > 0) return { waitSeconds };

  const digested = user?.passwordDigest ?? null;
  const right = await whileCounted(key, () => passwords.matches(password, digested));
  if (!user) return { wrong: "name", userId: null };
  if (!right) return { wrong: "password", userId: user.id };
  if (!(await users.isStill(user))) return { wrong: "suspended", userId: user.id };

  succeeded(key);
  if (passwords.isOutdated(user.passwordDigest)) await users.refreshDigest(user, password);
  const { id, administrator } = user;
  return { person: { id, username: user.username, administrator } };
}

/** Notes which sessions were used in the last minute. */
export async function writeTouched() {
  await sessionStore.writeTouched();
}

/** Deletes the sessions that have ended by themselves. */
export async function prune() {
  await db.session.deleteMany({ where: { expiresAt: { lt: new Date() } } });
}
