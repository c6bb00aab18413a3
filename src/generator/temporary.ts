// Conversations that are written down nowhere: they live in the memory of this process, and end with it.

import { Conflict, NotFound, TooMany, Unavailable } from "../errors.js";
import { firstWords } from "../lib/text.js";
import { plural, t } from "../lib/texts.js";
import { randomToken } from "../lib/tokens.js";
import type { Ending } from "../models/generations.js";
import { NO_PARAMETERS, type Writer } from "../models/parameters.js";
import type { Follower } from "./broadcast.js";
import { chooseModel } from "./catalogue.js";
import { NOTHING_WRITTEN } from "./ending.js";
import { countEnd, countStart } from "./metrics.js";
import { freePlace, takePlace } from "./places.js";
import type { Told } from "./prompt.js";
import { Run } from "./run.js";

const TICK_MS = 50;
const IDLE_MS = 4 * 3_600_000;
const MOST_EACH = 3;
const MOST_IN_ALL = 300;
const MOST_CHARACTERS = 500_000;
const COME_BACK_SECONDS = 60;
const TITLE_CHARACTERS = 60;

const GONE = t("This temporary conversation has ended, and nothing of it was kept.");
const STILL_ANSWERING = t(
  "The last answer is still being written. Wait for it or stop it, then send this.",
);
const TOO_LONG = t("This temporary conversation is as long as one can be. Begin another.");
const ENOUGH = plural(
  MOST_EACH,
  "You have {count} temporary conversations, which is the most. End one first.",
  "You have {count} temporary conversations, which is the most. End one first.",
);
const FULL = t("There are too many temporary conversations on this server at this moment.");
const RESTARTING = t("The server is restarting, and temporary conversations end with that.");

export interface TemporaryQuestion {
  id: number;
  role: "question";
  text: string;
  key: string | null;
}

export interface TemporaryAnswer {
  id: number;
  role: "answer";
  model: string;
  /** How it ended; null while it is being written. */
  ending: Ending | null;
}

export interface Temporary {
  id: string;
  title: string;
  messages: (TemporaryQuestion | TemporaryAnswer)[];
}

interface Kept extends Temporary {
  userId: string;
  running: { run: Run; ended: Promise<void> } | null;
  usedAt: number;
}

const conversations = new Map<string, Kept>();
let clock: NodeJS.Timeout | null = null;
let draining = false;
// Below all that are stored: by their ids the footnotes of a page are told apart.
let lastId = 0;

/** This person's, the newest first. */
export function listOf(userId: string): Temporary[] {
  return [...conversations.values()].filter((kept) => kept.userId === userId).reverse();
}

export function find(userId: string, id: string): Temporary {
  return open(userId, id);
}

/** Asks in a conversation, or begins one; the same form sent twice is one question. */
export async function ask(
  userId: string,
  id: string | null,
  question: Pick<TemporaryQuestion, "text" | "key">,
): Promise<Temporary> {
  const writer = await chooseModel(NO_PARAMETERS);
  const twin = listOf(userId).find((kept) => holds(kept, question));
  if (twin) return twin;

  const found = id === null ? refuseAnother(userId) : refuseMore(open(userId, id));
  refuseWhileDraining();
  takePlace(userId);
  const kept = found ?? begin(userId, question.text);
  kept.messages.push({ ...question, id: nextId(), role: "question" });
  answer(kept, writer);
  return kept;
}

/** Asks the last question again where nothing was answered. */
export async function retry(userId: string, id: string) {
  const writer = await chooseModel(NO_PARAMETERS);
  const kept = open(userId, id);
  const last = kept.messages.at(-1);
  if (last?.role !== "answer" || last.ending?.body !== "") return;

  refuseWhileDraining();
  takePlace(userId);
  kept.messages.pop();
  answer(kept, writer);
}

/** Stops the answer, and returns when it has ended. */
export async function stop(userId: string, id: string) {
  const { running } = open(userId, id);
  running?.run.halt("stopped");
  await running?.ended;
}

/** Forgets a conversation. */
export function end(userId: string, id: string) {
  forget(open(userId, id));
}

/** Forgets all that a person has. */
export function endAll(userId: string) {
  for (const kept of conversations.values()) if (kept.userId === userId) forget(kept);
}

/** Forgets what nobody has used for hours. */
export function endIdle() {
  const since = performance.now() - IDLE_MS;
  for (const kept of conversations.values()) {
    if (!kept.running && kept.usedAt < since) forget(kept);
  }
}

/** Forgets everything: what is in memory alone outlives no restart. */
export async function drain() {
  draining = true;
  const running = [...conversations.values()].flatMap(({ running }) => running ?? []);
  conversations.clear();
  // Who reads one keeps what is on the screen.
  for (const { run } of running) run.halt("restart");
  await Promise.allSettled(running.map(({ ended }) => ended));
}

/** The progress and rendered blocks of the running answer at this moment, or null. */
export function snapshot(userId: string, id: string) {
  return open(userId, id).running?.run.snapshot() ?? null;
}

/** Follows the running answer until the returned function is called; null when none is running. */
export function follow(userId: string, id: string, follower: Follower, lastId: string | null) {
  const run = open(userId, id).running?.run;
  if (!run) return null;

  run.join(follower, lastId);
  return { leave: () => run.broadcast.leave(follower), closed: () => run.broadcast.closed() };
}

function open(userId: string, id: string): Kept {
  const kept = conversations.get(id);
  if (kept?.userId !== userId) throw new NotFound(GONE);

  kept.usedAt = performance.now();
  return kept;
}

function holds({ messages }: Temporary, { text, key }: Pick<TemporaryQuestion, "text" | "key">) {
  return messages.some(
    (one) => one.role === "question" && key !== null && one.key === key && one.text === text,
  );
}

function refuseAnother(userId: string): null {
  if (listOf(userId).length >= MOST_EACH) throw new Conflict(ENOUGH);
  if (conversations.size >= MOST_IN_ALL) {
    throw new TooMany(FULL, COME_BACK_SECONDS, "temporary_in_all");
  }
  return null;
}

function refuseMore(kept: Kept): Kept {
  if (kept.running) throw new Conflict(STILL_ANSWERING);
  const characters = told(kept.messages).reduce((sum, { body }) => sum + body.length, 0);
  if (characters > MOST_CHARACTERS) throw new Conflict(TOO_LONG);
  return kept;
}

function refuseWhileDraining() {
  if (draining) throw new Unavailable(RESTARTING, 5);
}

function begin(userId: string, text: string): Kept {
  const title = firstWords(text, TITLE_CHARACTERS);
  const kept = { id: randomToken(), userId, title, messages: [], running: null };
  const begun: Kept = { ...kept, usedAt: performance.now() };
  conversations.set(begun.id, begun);
  return begun;
}

// Its place for a running answer has been taken.
function answer(kept: Kept, writer: Writer) {
  const history = told(kept.messages);
  const { model } = writer;
  const message: TemporaryAnswer = { id: nextId(), role: "answer", model, ending: null };
  const { id: conversationId, userId } = kept;
  const place = { userId, conversationId, answerId: message.id };
  const run = new Run({ ...place, ...writer, manner: NO_PARAMETERS, earlier: NOTHING_WRITTEN });

  kept.messages.push(message);
  kept.running = { run, ended: write(kept, run, message, history) };
  countStart();
  clock ??= setInterval(tick, TICK_MS);
}

// What it is asked by is in the run already: nothing here can fail.
async function write(kept: Kept, run: Run, message: TemporaryAnswer, history: Told[]) {
  const ending = await run.write(async () => history);

  kept.running = null;
  freePlace(kept.userId);
  if (ending === "restart") return run.broadcast.close("restarting");
  message.ending = ending;
  countEnd(ending, NOTHING_WRITTEN);
  run.close(ending.failure === "gone" ? "gone" : "end");
}

function told(messages: Temporary["messages"]): Told[] {
  return messages.map((message) => ({
    role: message.role,
    body: message.role === "question" ? message.text : (message.ending?.body ?? ""),
  }));
}

function tick() {
  const running = [...conversations.values()].flatMap(({ running }) => running?.run ?? []);
  for (const run of running) {
    if (run.broadcast.isHeard) run.tell();
    else run.settle();
  }
  if (running.length === 0 && clock) {
    clearInterval(clock);
    clock = null;
  }
}

function forget(kept: Kept) {
  kept.running?.run.halt("gone");
  conversations.delete(kept.id);
}

function nextId(): number {
  lastId -= 1;
  return lastId;
}
