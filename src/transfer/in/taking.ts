// Taking conversations in, one after the other: each is there as a whole or not at all.
import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { Unavailable } from "../../errors.js";
import { log } from "../../lib/log.js";
import {
  type ArrivingConversation,
  type ArrivingMessage,
  add,
  begin,
  show,
} from "../../models/conversations/arrivals.js";
import * as items from "../../models/imports/items.js";
import { staged } from "./files.js";

const PIECE = { messages: 100, characters: 200_000 };
const MOST_TRIES = 2;
const GONE =
  "Its file is not here any more. Bring it once more: what has come already is recognised.";
const FAILED = "Something went wrong on our side. You can import it again.";

type Head = ArrivingConversation & { reading: number | null };

/** Takes in what was chosen of a file until nothing is left or somebody says so; why it had to stop, or null. */
export async function takeIn(id: string, isOver: AbortSignal): Promise<string | null> {
  if (!existsSync(staged(id))) return GONE;

  for (let item = await items.next(id); item && !isOver.aborted; item = await items.next(id)) {
    const problem = await take(item, isOver, 1);
    if (problem) return problem;
  }
  return null;
}

// The purge of the trash may take away what is not shown yet: then once more.
async function take(
  item: items.Chosen,
  isOver: AbortSignal,
  tries: number,
): Promise<string | null> {
  try {
    await takeOne(item, isOver);
    return null;
  } catch (error) {
    if (isOver.aborted) return null;
    if (error instanceof Unavailable) return error.message;
    if (tries < MOST_TRIES) return take(item, isOver, tries + 1);

    log.error({ err: error }, "a conversation could not be imported");
    await items.fail(item, FAILED);
    return null;
  }
}

async function takeOne(item: items.Chosen, isOver: AbortSignal) {
  const { importId, userId, digest } = item;
  let conversation: { id: string; reading: number | null } | null = null;
  let ids: number[] = [];
  let piece: ArrivingMessage[] = [];
  let characters = 0;

  for await (const line of linesOf(item)) {
    isOver.throwIfAborted();
    if (!conversation) {
      const { reading, ...head } = JSON.parse(line) as Head;
      conversation = { id: await begin(userId, head, digest), reading };
      continue;
    }
    piece.push(JSON.parse(line) as ArrivingMessage);
    characters += line.length;
    if (piece.length < PIECE.messages && characters < PIECE.characters) continue;
    ids = await add(conversation.id, ids, piece);
    piece = [];
    characters = 0;
  }
  if (!conversation) throw new Error(`${importId} has no line of ${item.position}`);

  ids = await add(conversation.id, ids, piece);
  const { id, reading } = conversation;
  await show(id, reading === null ? null : (ids[reading] ?? null), item);
}

async function* linesOf({ importId, offset, length }: items.Chosen): AsyncGenerator<string> {
  const file = await open(staged(importId));
  try {
    yield* file.readLines({ start: offset, end: offset + length - 1, autoClose: false });
  } finally {
    await file.close();
  }
}
