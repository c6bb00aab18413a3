import { createHmac } from "node:crypto";
import { availableParallelism } from "node:os";
import bcrypt from "bcrypt";
import { config } from "../config.js";
import { Unavailable } from "../errors.js";
import { t } from "../lib/texts.js";
import { Turns } from "../lib/turns.js";
import { pepper } from "../stores/secrets.js";

// A hash keeps a core busy for a quarter of a second: one core stays for everybody else's answers.
const AT_ONCE = Math.max(1, Math.min(2, availableParallelism() - 1));
const MOST_WAITING = 30;

const turns = new Turns(AT_ONCE, MOST_WAITING);

export async function digestOf(password: string): Promise<string> {
  return inTurn(() => bcrypt.hash(peppered(password), config.passwords.bcryptCost));
}

/** Without a digest (nobody has that name) it takes as long, and is false. */
export async function matches(password: string, digest: string | null): Promise<boolean> {
  return inTurn(() => bcrypt.compare(peppered(password), digest ?? nobodysDigest()));
}

export function isOutdated(digest: string): boolean {
  return bcrypt.getRounds(digest) < config.passwords.bcryptCost;
}

// bcrypt reads 72 bytes and stops at a NUL: the HMAC's 64 characters carry every byte of the password.
function peppered(password: string): string {
  return createHmac("sha384", pepper()).update(password, "utf8").digest("base64");
}

function nobodysDigest(): string {
  return `$2b$${config.passwords.bcryptCost}$${"abcdefghijklmnopqrstuu"}${"u".repeat(31)}`;
}

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (turns.isFull) {
    throw new Unavailable(t("Too many people are logging in at this moment. Please try again."), 5);
  }
  return turns.take(work);
}
