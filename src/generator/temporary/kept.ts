// The temporary conversations that there are, and how many there may be.
import { Conflict, NotFound, TooMany } from "../../errors.js";
import { firstWords } from "../../lib/text.js";
import { t } from "../../lib/texts.js";
import { randomToken } from "../../lib/tokens.js";
import type { Parameters } from "../../models/parameters.js";
import type { Run } from "../run.js";
import { Tree } from "./tree.js";

const IDLE_MS = 4 * 3_600_000;
const MOST_EACH = 3;
const MOST_IN_ALL = 300;
const COME_BACK_SECONDS = 60;
const TITLE_CHARACTERS = 60;

const GONE = t("This temporary conversation has ended, and nothing of it was kept.");
const ENOUGH = t("You have {most} temporary conversations, which is the most. End one first.", {
  most: MOST_EACH,
});
const FULL = t("There are too many temporary conversations on this server at this moment.");

export interface Kept {
  readonly id: string;
  readonly userId: string;
  readonly title: string;
  readonly tree: Tree;
  /** What it is asked with. */
  parameters: Parameters;
  running: { run: Run; ended: Promise<void> } | null;
  usedAt: number;
}

const conversations = new Map<string, Kept>();

/** This person's, the newest first. */
export function listOf(userId: string): Kept[] {
  return [...conversations.values()].filter((kept) => kept.userId === userId).reverse();
}

export function open(userId: string, id: string): Kept {
  const kept = conversations.get(id);
  if (kept?.userId !== userId) throw new NotFound(GONE);

  kept.usedAt = performance.now();
  return kept;
}

/** Refuses another one where there are enough. */
export function refuseAnother(userId: string) {
  if (listOf(userId).length >= MOST_EACH) throw new Conflict(ENOUGH);
  if (conversations.size >= MOST_IN_ALL) {
    throw new TooMany(FULL, COME_BACK_SECONDS, "temporary_in_all");
  }
}

export function begin(userId: string, text: string, parameters: Parameters): Kept {
  const kept: Kept = {
    ...{ id: randomToken(), userId, title: firstWords(text, TITLE_CHARACTERS) },
    ...{ tree: new Tree(), parameters, running: null, usedAt: performance.now() },
  };
  conversations.set(kept.id, kept);
  return kept;
}

export function forget(kept: Kept) {
  kept.running?.run.halt("gone");
  conversations.delete(kept.id);
}

export function forgetAll(userId: string) {
  listOf(userId).forEach(forget);
}

export function forgetIdle() {
  const since = performance.now() - IDLE_MS;
  for (const kept of conversations.values()) {
    if (!kept.running && kept.usedAt < since) forget(kept);
  }
}

/** Forgets everything, and returns what was being written. */
export function clear() {
  const left = running();
  conversations.clear();
  return left;
}

/** The answers that are being written. */
export function running() {
  return [...conversations.values()].flatMap(({ running }) => running ?? []);
}
