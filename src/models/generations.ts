import { Conflict, NotFound } from "../errors.js";
import { t } from "../lib/texts.js";
import { db } from "../stores/database.js";
import { isGone, isTaken } from "../stores/failures.js";
import type { Message } from "../stores/prisma/client.js";
import { read, statement, storedDate, write } from "../stores/statements.js";
import type { Writer } from "./parameters.js";
import { type Counts, noteAnswer } from "./usage.js";

type State = "running" | "complete" | "stopped" | "interrupted" | "failed";

/** What a server was told of how to answer; null where that was left to it. */
export type AskedWith = Pick<
  Message,
  "askedThinking" | "askedTemperature" | "askedTopP" | "askedMaxTokens"
>;

/** How an answer ended, and what it cost with all that was written of it before. */
export interface Ending extends Counts, AskedWith {
  state: Exclude<State, "running">;
  failure: string | null;
  finishReason: string | null;
  body: string;
  reasoning: string;
  html: string;
  reasoningHtml: string;
  rendererVersion: number;
  thoughtForMs: number | null;
  firstTokenMs: number | null;
  tookMs: number;
  systemDigest: string | null;
  oldestDigest: string | null;
  /** What the last request alone has cost. */
  spent: Counts;
}

/** What an answer has grown by, and after how many bytes: after none, it is the whole text. */
export interface Checkpoint {
  id: number;
  body: { from: number; text: string };
  reasoning: { from: number; text: string };
}

/** An answer that is about to be written, as a row. */
export interface Begun {
  conversationId: string;
  answerId: number;
  /** It is being written already: the same button was pressed twice. */
  repeated: boolean;
}

type Answer = Pick<
  Message,
  "id" | "conversationId" | "parentId" | "state" | "providerId" | "model"
>;
type Html = Pick<Ending, "html" | "reasoningHtml" | "rendererVersion">;
type NewAnswer = Pick<Message, "conversationId" | "parentId"> & Writer & { now: string };

/** What there is of an answer, and what that took. */
export type Text = Pick<
  Message,
  | "body"
  | "reasoning"
  | "thoughtForMs"
  | "firstTokenMs"
  | "tookMs"
  | "promptTokens"
  | "cachedTokens"
  | "completionTokens"
  | "reasoningTokens"
>;

export const ONE_AT_A_TIME = t(
  "An answer is being written in this conversation. Wait for it or stop it first.",
);
// What a run cost that nobody ended is not known, and with it what they cost together.
export const COST_UNKNOWN: Counts = {
  promptTokens: null,
  cachedTokens: null,
  completionTokens: null,
  reasoningTokens: null,
};
export const COST_UNKNOWN_SET = Object.keys(COST_UNKNOWN)
  .map((count) => `${count} = NULL`)
  .join(", ");

const FIND = statement<{ userId: string; id: number }, Answer>(`
  SELECT Message.id, conversationId, parentId, state, Message.providerId, Message.model
  FROM Message JOIN Conversation ON Conversation.id = conversationId
  WHERE Message.id = @id AND role = 'answer' AND userId = @userId AND trashedAt IS NULL`);

const INSERT_ANSWER = statement<NewAnswer>(`
  INSERT INTO Message (
    conversationId, parentId, role, body, state, runningIn, providerId, model, createdAt, writtenAt)
  VALUES (
    @conversationId, @parentId, 'answer', '', 'running', @conversationId, @providerId, @model, @now, @now)`);

const TOUCH = statement<{ id: string; now: string }>(`
  UPDATE Conversation SET updatedAt = @now, archivedAt = NULL, readingId = NULL
  WHERE id = @id AND trashedAt IS NULL`);

const CHECKPOINT = statement<{ grown: string; now: string }>(`
  UPDATE Message SET writtenAt = @now,
    body = iif(piece.value ->> '$.body.from' = 0, '', body) || (piece.value ->> '$.body.text'),
    reasoning =
      iif(piece.value ->> '$.reasoning.from' = 0, '', reasoning) || (piece.value ->> '$.reasoning.text')
  FROM json_each(@grown) AS piece
  WHERE Message.id = piece.value ->> '$.id' AND state = 'running'
    AND piece.value ->> '$.body.from' IN (0, octet_length(body))
    AND piece.value ->> '$.reasoning.from' IN (0, octet_length(reasoning))`);

const FINISH = statement<Omit<Ending, "spent"> & { id: number }>(`
  UPDATE Message SET state = @state, runningIn = NULL, failure = @failure,
    finishReason = @finishReason, body = @body, reasoning = @reasoning, html = @html,
    reasoningHtml = @reasoningHtml, rendererVersion = @rendererVersion,
    thoughtForMs = @thoughtForMs, firstTokenMs = @firstTokenMs, tookMs = @tookMs,
    promptTokens = @promptTokens, cachedTokens = @cachedTokens,
    completionTokens = @completionTokens, reasoningTokens = @reasoningTokens,
    systemDigest = @systemDigest, oldestDigest = @oldestDigest,
    askedThinking = @askedThinking, askedTemperature = @askedTemperature, askedTopP = @askedTopP,
    askedMaxTokens = @askedMaxTokens, presetName = (
      SELECT name FROM Preset JOIN Conversation ON Preset.id = presetId WHERE Conversation.id = conversationId)
  WHERE id = @id AND state = 'running'`);

const MARK_UNREAD = statement<{ id: number }>(`
  UPDATE Conversation SET unread = true
  WHERE id = (SELECT conversationId FROM Message WHERE id = @id) AND NOT unread`);

// Of a row that runs without a run: what was stored of it stays, what it has cost nobody knows.
const STOP = statement<{ id: number }>(`
  UPDATE Message SET state = 'stopped', runningIn = NULL, rendererVersion = NULL, ${COST_UNKNOWN_SET}
  WHERE id = @id AND state = 'running'`);

// What was rendered meanwhile, with the end or by another reader, is of the same text or of more.
const KEEP_HTML = statement<Html & { id: number }>(`
  UPDATE Message SET html = @html, reasoningHtml = @reasoningHtml, rendererVersion = @rendererVersion
  WHERE id = @id AND state <> 'running' AND rendererVersion IS NOT @rendererVersion`);

/** Stores an answer's row as running; part of a write. */
export function insertAnswer(answer: NewAnswer): number {
  return Number(INSERT_ANSWER.run(answer).lastInsertRowid);
}

/**
 * What is talked in is on top of the list, also where it was archived, and what is newest in it is read; part of a
 * write, which it takes back where the conversation has gone to the trash meanwhile.
 */
export function touch(conversationId: string, now: string) {
  if (TOUCH.run({ id: conversationId, now }).changes === 0) throw new NotFound();
}

/** Another answer to the question that this one answered. */
export async function begin(userId: string, id: number, writer: Writer): Promise<Begun> {
  const { conversationId, parentId } = await find(userId, id);
  const place = { conversationId, parentId, ...writer };
  // Whatever was in the way may just have ended.
  const begun = (await beginOrFind(place)) ?? (await beginOrFind(place));

  if (begun?.parentId !== parentId) throw new Conflict(ONE_AT_A_TIME);
  return { conversationId, answerId: begun.id, repeated: begun.repeated };
}

async function beginOrFind(place: Omit<NewAnswer, "now">) {
  const { conversationId, parentId } = place;
  const now = storedDate(new Date());

  try {
    const id = await write(() => {
      touch(conversationId, now);
      return insertAnswer({ ...place, now });
    });
    return { id, parentId, repeated: false };
  } catch (error) {
    if (isGone(error)) throw new NotFound();
    if (!isTaken(error)) throw error;
  }

  const running = await findRunning(conversationId);
  return running && { ...running, repeated: true };
}

export async function find(userId: string, id: number): Promise<Answer> {
  const answer = await read(() => FIND.get({ userId, id }));

  if (answer) {
    return answer;
  } else {
    throw new NotFound();
  }
}

/** The running answer of a conversation, or null. */
export async function findRunning(conversationId: string) {
  return db.message.findUnique({
    where: { runningIn: conversationId },
    select: { id: true, parentId: true },
  });
}

/** Stores what all running answers have grown by in one statement; false where one of them did not fit what is stored. */
export async function checkpoint(grown: Checkpoint[]): Promise<boolean> {
  const values = { grown: JSON.stringify(grown), now: storedDate(new Date()) };
  const { changes } = await write(() => CHECKPOINT.run(values));
  return changes === grown.length;
}

export async function finish(id: number, ending: Ending) {
  await write(() => end(id, ending));
}

/** The same for an answer that nobody was reading: its conversation is marked until somebody looks. */
export async function finishUnread(id: number, ending: Ending) {
  await write(() => {
    if (end(id, ending)) MARK_UNREAD.run({ id });
  });
}

// What failed before a word was told has most likely cost nothing; anything else is counted, known or not.
function end(id: number, { spent, ...ending }: Ending): boolean {
  const hasEnded = FINISH.run({ id, ...ending }).changes > 0;
  const hasCost = ending.state !== "failed" || spent.promptTokens !== null;
  if (hasEnded && hasCost) noteAnswer(id, spent);
  return hasEnded;
}

/** Stops an answer whose row is running while nothing runs; false where its row says otherwise. */
export async function stop(id: number): Promise<boolean> {
  return write(() => {
    const hasStopped = STOP.run({ id }).changes > 0;
    if (hasStopped) noteAnswer(id, COST_UNKNOWN);
    return hasStopped;
  });
}

/** Which of these running answers belong to somebody who was suspended, to nobody any more, or to the trash. */
export async function unwelcome(ids: number[]): Promise<number[]> {
  const welcome = await db.message.findMany({
    where: { id: { in: ids }, conversation: { trashedAt: null, user: { suspendedAt: null } } },
    select: { id: true },
  });
  const kept = new Set(welcome.map((row) => row.id));
  return ids.filter((id) => !kept.has(id));
}

/** Keeps HTML that was rendered of an ended answer's text. */
export async function keepHtml(id: number, html: Html) {
  await write(() => KEEP_HTML.run({ id, ...html }));
}
