// Conversations that are written down nowhere: they live in the memory of this process, and end with it.
import { Conflict, Unavailable } from "../errors.js";
import { t } from "../lib/texts.js";
import { STILL_ANSWERING } from "../models/messages/questions.js";
import { type ModelChoice, NO_PARAMETERS, type Parameters } from "../models/parameters.js";
import type { Follower } from "./broadcast.js";
import { chooseModel, isOffered } from "./catalogue.js";
import { takePlace } from "./places.js";
import { answer, nextId } from "./temporary/answers.js";
import * as kept from "./temporary/kept.js";
import type { Question, Tree } from "./temporary/tree.js";

const MOST_CHARACTERS = 500_000;

const TOO_LONG = t("This temporary conversation is as long as one can be. Begin another.");
const RESTARTING = t("The server is restarting, and temporary conversations end with that.");

export interface Temporary {
  readonly id: string;
  readonly userId: string;
  readonly title: string;
  readonly tree: Tree;
  readonly parameters: Parameters;
}

/** A question as it was typed, as in src/models/messages/questions.ts. */
interface Draft extends Pick<Question, "text" | "key"> {
  conversationId: string | null;
  parentId?: number | null;
  versionOf?: number;
  parameters?: Parameters;
  writer?: ModelChoice | null;
}

/** A message, by its conversation. */
interface Place {
  id: string;
  messageId: number;
}

let draining = false;

/** This person's, the newest first. */
export function listOf(userId: string): Temporary[] {
  return kept.listOf(userId);
}

export function find(userId: string, id: string): Temporary {
  return kept.open(userId, id);
}

/** Asks in a conversation, or begins one; the same form sent twice is one question. */
export async function ask(userId: string, draft: Draft): Promise<Temporary> {
  const { conversationId: id, parameters = NO_PARAMETERS } = draft;
  const chosen = id === null ? parameters : kept.open(userId, id).parameters;
  const writer = await chooseModel(draft.writer ?? chosen);
  const twin = kept.listOf(userId).find(({ tree }) => tree.holds(draft));
  if (twin) return twin;

  const found = id === null ? null : kept.open(userId, id);
  const parentId = found && placeIn(found.tree, draft);
  if (found) refuseMore(found);
  else kept.refuseAnother(userId);
  refuseWhileDraining();
  takePlace(userId);
  const talk = found ?? kept.begin(userId, draft.text, parameters);
  const { text, key } = draft;
  const question = talk.tree.add<Question>({ id: nextId(), parentId, role: "question", text, key });
  answer(talk, question, writer);
  return talk;
}

/** Has a question answered anew, beside the answer that it has, by the same model or by another. */
export async function regenerate(userId: string, { id, messageId }: Place, by: ModelChoice | null) {
  const { tree, parameters } = kept.open(userId, id);
  const before = tree.answer(messageId);
  const writer = await chooseModel(by ?? (isOffered(before) ? before : parameters));
  const talk = kept.open(userId, id);
  const question = tree.question(before.parentId);
  // The same button was pressed twice.
  if (talk.running && tree.lastAnswer?.parentId === question.id) return;

  refuseMore(talk);
  refuseWhileDraining();
  takePlace(userId);
  answer(talk, question, writer);
}

/** What a conversation is asked with from its next answer on. */
export function update(userId: string, id: string, parameters: Parameters) {
  kept.open(userId, id).parameters = parameters;
}

/** Stops an answer, and returns when it has ended. */
export async function stop(userId: string, place: Place) {
  const running = runningAt(userId, place);
  running?.run.halt("stopped");
  await running?.ended;
}

/** Forgets a conversation. */
export function end(userId: string, id: string) {
  kept.forget(kept.open(userId, id));
}

/** Forgets all that a person has. */
export function endAll(userId: string) {
  kept.forgetAll(userId);
}

/** Forgets what nobody has used for hours. */
export function endIdle() {
  kept.forgetIdle();
}

/** Forgets everything: what is in memory alone outlives no restart. */
export async function drain() {
  draining = true;
  const left = kept.clear();
  // Who reads one keeps what is on the screen.
  for (const { run } of left) run.halt("restart");
  await Promise.allSettled(left.map(({ ended }) => ended));
}

/** The progress and rendered blocks of an answer at this moment; null unless it is running. */
export function snapshot(userId: string, place: Place) {
  return runningAt(userId, place)?.run.snapshot() ?? null;
}

/** Follows an answer until the returned function is called; null when it is not running. */
export function follow(
  userId: string,
  place: Place,
  { follower, lastId }: { follower: Follower; lastId: string | null },
) {
  const { run } = runningAt(userId, place) ?? {};
  if (!run) return null;

  run.join(follower, lastId);
  return { leave: () => run.broadcast.leave(follower), closed: () => run.broadcast.closed() };
}

function runningAt(userId: string, { id, messageId }: Place) {
  const { tree, running } = kept.open(userId, id);
  const answer = tree.answer(messageId);
  return running?.run.assignment.answerId === answer.id ? running : null;
}

// Answers only, but for another version of a question, whose place is that one's.
function placeIn(tree: Tree, { versionOf, parentId = null }: Draft): number | null {
  if (versionOf !== undefined) return tree.question(versionOf).parentId;
  if (parentId !== null) return tree.answer(parentId).id;
  return tree.lastAnswer?.id ?? null;
}

function refuseMore({ running, tree }: kept.Kept) {
  if (running) throw new Conflict(STILL_ANSWERING);
  if (tree.characters > MOST_CHARACTERS) throw new Conflict(TOO_LONG);
}

function refuseWhileDraining() {
  if (draining) throw new Unavailable(RESTARTING, 5);
}
