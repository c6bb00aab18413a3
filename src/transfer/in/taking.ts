// Taking conversations in, one after the other: each is there as a whole or not at all.
import { createReadStream, existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { NotFound, Problem, Unavailable } from "../../errors.js";
import { log } from "../../lib/log.js";
import {
  type ArrivingConversation,
  type ArrivingMessage,
  add,
  begin,
  show,
} from "../../models/conversations/arrivals.js";
import * as uploads from "../../models/files/uploads.js";
import * as items from "../../models/imports/items.js";
import type { Message, StagedFile } from "./arrival.js";
import { staged } from "./files.js";
import { takeLibrary } from "./library.js";

const PIECE = { messages: 100, characters: 200_000 };
const MOST_TRIES = 2;

// What was read by an earlier version does not say all of it.
const UNKNOWN = {
  ...{ preset: null, provider: null, presetName: null },
  ...{ askedThinking: null, askedTemperature: null, askedTopP: null, askedMaxTokens: null },
};
type Head = ArrivingConversation & { reading: number | null; files?: StagedFile[] };
type Line = Omit<Message, "files"> & { files?: number[] };

/** Takes in what was chosen of a file until nothing is left or somebody says so; why it had to stop, or null. */
export async function takeIn(id: string, isOver: AbortSignal): Promise<string | null> {
  if (!existsSync(staged(id))) return "gone";

  for (let item = await items.next(id); item && !isOver.aborted; item = await items.next(id)) {
    const problem = await take(item, isOver, 1);
    if (problem) return problem;
  }
  return null;
}

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
    if (!isRefusal(error) && tries < MOST_TRIES) return take(item, isOver, tries + 1);

    await items.fail(item, error instanceof Problem ? error.message : "failed_alone");
    if (!(error instanceof Problem)) log.error({ err: error }, "a conversation was not imported");
    return null;
  }
}

// What is refused would be again; but what is not shown yet the purge of the trash may take away, and then it comes anew.
function isRefusal(error: unknown): boolean {
  return error instanceof Problem && !(error instanceof NotFound);
}

async function takeOne(item: items.Chosen, isOver: AbortSignal) {
  if (item.library === null) return takeConversation(item, isOver);

  for await (const line of linesOf(item)) await takeLibrary(item.userId, JSON.parse(line).library);
  await items.noteTaken(item);
}

async function takeConversation(item: items.Chosen, isOver: AbortSignal) {
  const { importId, userId, digest } = item;
  let arriving: { id: string; userId: string; reading: number | null; files: string[] } | null =
    null;
  let ids: number[] = [];
  let piece: ArrivingMessage[] = [];
  let characters = 0;

  for await (const line of linesOf(item)) {
    isOver.throwIfAborted();
    if (!arriving) {
      const { reading, files = [], ...head } = JSON.parse(line) as Head;
      const arrived = withBytes(importId, files, isOver);
      arriving = await uploads.arrive(userId, arrived, async (fileIds) => {
        const id = await begin(userId, { ...UNKNOWN, ...head }, digest);
        return { id, userId, reading, files: fileIds };
      });
      continue;
    }
    const { files } = arriving;
    const { files: own = [], ...message } = JSON.parse(line) as Line;
    piece.push({ ...UNKNOWN, ...message, files: own.map((file) => files[file] ?? "") });
    characters += line.length;
    if (piece.length < PIECE.messages && characters < PIECE.characters) continue;
    ids = await add(arriving, ids, piece);
    piece = [];
    characters = 0;
  }
  if (!arriving) throw new Error(`${importId} has no line of ${item.position}`);

  ids = await add(arriving, ids, piece);
  const { id, reading } = arriving;
  await show(id, reading === null ? null : (ids[reading] ?? null), item);
}

// Each takes its time: a server that stops does not wait for all of them.
function* withBytes(importId: string, files: StagedFile[], isOver: AbortSignal) {
  for (const { offset, ...file } of files) {
    isOver.throwIfAborted();
    const range = { start: offset, end: offset + file.bytes - 1 };
    yield { ...file, content: () => createReadStream(staged(importId), range) };
  }
}

async function* linesOf({ importId, offset, length }: items.Chosen): AsyncGenerator<string> {
  const file = await open(staged(importId));
  try {
    yield* file.readLines({ start: offset, end: offset + length - 1, autoClose: false });
  } finally {
    await file.close();
  }
}
