import { Conflict, NotFound } from "../errors.js";
import { firstWords } from "../lib/text.js";
import { digest, randomToken } from "../lib/tokens.js";
import { db, isGone, isTaken } from "../stores/database.js";
import type { Message } from "../stores/prisma/client.js";
import { runningAnswer } from "./generations.js";
import { pathThrough, type Step } from "./messages/tree.js";

export type { Message };

const PER_PAGE = 50;
const NEWEST_MESSAGE = {
  messages: { select: { id: true }, orderBy: { id: "desc" }, take: 1 },
} as const;
const TITLE_CHARACTERS = 60;
const STILL_ANSWERING =
  "The last answer is still being written. Wait for it or stop it, then send this.";

/** A question as it was typed; `key` is the form's, and null where the form had none. */
export interface Draft {
  text: string;
  conversationId: string | null;
  parentId: number | null;
  key: string | null;
}

export interface Asked {
  conversationId: string;
  answerId: number;
  /** The same form with the same text was sent before: nothing new was stored. */
  repeated: boolean;
}

interface Reading {
  messages: (Message & { siblings: number[] })[];
  /** The id before which there is more to read. */
  earlierThan: number | null;
  /** The last answer of the whole path: what a reply hangs below. */
  lastAnswer: number | null;
  /** The answer that is being written in this conversation, on this path or on another. */
  running: number | null;
}

/** Stores a question and, with it, its answer's row as running: both are there or neither is. */
export async function ask(userId: string, draft: Draft, model: string): Promise<Asked> {
  try {
    return await store(userId, { ...draft, sendDigest: sendDigest(userId, draft) }, model);
  } catch (error) {
    if (isGone(error)) throw new NotFound();
    if (!isTaken(error)) throw error;
  }

  const twin = await findSent(userId, draft);
  if (twin) return twin;
  throw new Conflict(STILL_ANSWERING);
}

/** The question that the same form with the same text has stored before, or null. */
export async function findSent(userId: string, draft: Draft): Promise<Asked | null> {
  if (!draft.key) return null;
  const question = await db.message.findUnique({
    where: { sendDigest: sendDigest(userId, draft) ?? "" },
    select: { conversationId: true, children: { select: { id: true }, take: 1 } },
  });

  if (question) {
    const { conversationId, children } = question;
    return { conversationId, answerId: children[0]?.id ?? 0, repeated: true };
  } else {
    return null;
  }
}

function sendDigest(userId: string, { key, text }: Draft): string | null {
  return key ? digest(userId, key, text) : null;
}

/** The messages on the path through `through` (or to the newest), the last fifty before `before`. */
export async function read(
  conversationId: string,
  through: number | null,
  before: number | null,
): Promise<Reading> {
  const nodes = await db.message.findMany({
    where: { conversationId },
    select: { id: true, parentId: true, role: true, state: true },
    orderBy: { id: "asc" },
  });
  const path = pathThrough(nodes, through);
  if (!path) throw new NotFound();

  const until = before === null ? path : path.filter((step) => step.id < before);
  const shown = until.slice(-PER_PAGE);
  const onPath = new Set(path.map((step) => step.id));
  return {
    messages: await load(shown),
    earlierThan: until.length > shown.length ? (shown[0]?.id ?? null) : null,
    lastAnswer: nodes.findLast(({ id, role }) => role === "answer" && onPath.has(id))?.id ?? null,
    running: nodes.find(({ state }) => state === "running")?.id ?? null,
  };
}

async function load(path: Step[]) {
  const rows = await db.message.findMany({
    where: { id: { in: path.map((step) => step.id) } },
    orderBy: { id: "asc" },
  });
  const siblings = new Map(path.map((step) => [step.id, step.siblings]));
  return rows.map((row) => ({ ...row, siblings: siblings.get(row.id) ?? [row.id] }));
}

/** Everything from the first question to the one that this answer is for: what a model is told. */
export async function leadingTo(conversationId: string, answerId: number) {
  const nodes = await db.message.findMany({
    where: { conversationId, id: { lte: answerId } },
    select: { id: true, parentId: true },
    orderBy: { id: "asc" },
  });
  const path = pathThrough(nodes, answerId)?.map((step) => step.id) ?? [];

  return db.message.findMany({
    where: { id: { in: path, not: answerId } },
    select: { role: true, body: true },
    orderBy: { id: "asc" },
  });
}

export async function find(userId: string, id: number) {
  const message = await db.message.findFirst({
    where: { id, conversation: { userId } },
    include: { conversation: { select: { title: true } } },
  });

  if (message) {
    return message;
  } else {
    throw new NotFound();
  }
}

/** All messages given at the same place as this one, in their order. */
export async function siblings(message: Message): Promise<number[]> {
  const { conversationId, parentId } = message;
  const rows = await db.message.findMany({
    where: { conversationId, parentId },
    select: { id: true },
    orderBy: { id: "asc" },
  });
  return rows.map((row) => row.id);
}

type KeyedDraft = Draft & { sendDigest: string | null };

async function store(userId: string, draft: KeyedDraft, model: string): Promise<Asked> {
  const conversationId = draft.conversationId ?? randomToken();
  const messages = { create: await questionRow(userId, draft, conversationId, model) };
  const updatedAt = new Date();

  const { messages: newest } = draft.conversationId
    ? await db.conversation.update({
        where: { id: conversationId, userId },
        data: { updatedAt, messages },
        select: NEWEST_MESSAGE,
      })
    : await db.conversation.create({
        data: { id: conversationId, userId, title: titleOf(draft.text), updatedAt, messages },
        select: NEWEST_MESSAGE,
      });

  return { conversationId, answerId: newest[0]?.id ?? 0, repeated: false };
}

async function questionRow(
  userId: string,
  draft: KeyedDraft,
  conversationId: string,
  model: string,
) {
  return {
    role: "question",
    body: draft.text,
    sendDigest: draft.sendDigest,
    parentId: draft.conversationId
      ? await parentOf(userId, draft.conversationId, draft.parentId)
      : null,
    children: { create: { conversationId, ...runningAnswer(conversationId, model) } },
  };
}

// Answers only: a question hangs below the answer that its author was reading, else below the newest.
async function parentOf(userId: string, conversationId: string, parentId: number | null) {
  const parent = await db.message.findFirst({
    where: { conversationId, role: "answer", conversation: { userId }, id: parentId ?? undefined },
    select: { id: true },
    orderBy: { id: "desc" },
  });

  if (parent) {
    return parent.id;
  } else {
    throw new NotFound();
  }
}

function titleOf(text: string): string {
  return firstWords(text, TITLE_CHARACTERS);
}
