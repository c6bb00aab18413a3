// The files of a conversation: those whose bytes are what its JSON says come with it, the others are only named.
import { createHash, type Hash } from "node:crypto";
import { fewEnough, fileMark } from "../../lib/attached.js";
import { isDamaged } from "../../lib/unzip.js";
import type { Conversation, Found, FoundFile, Message, StagedFile } from "./arrival.js";
import { tidy } from "./messages.js";
import type { Source } from "./sources.js";
import type { Staging } from "./staging.js";
import { paragraphs } from "./values.js";

/** Where the bytes are, and where they go. */
export interface From {
  source: Source;
  staging: Staging;
}

/** A conversation with the files that are there, which are staged. */
export async function withFiles(conversation: Conversation, found: FoundFile[], from: From) {
  const files: StagedFile[] = [];
  const places: (number | null)[] = [];
  for (const file of found) {
    const staged = await stage(file, from);
    places.push(staged && files.push(staged) - 1);
  }

  const damaged = places.filter((place) => place === null).length;
  return {
    conversation: {
      ...conversation,
      found: conversation.found.map((one) => attached(one, found, places)),
      leftOut: damaged > 0 ? { ...conversation.leftOut, damaged } : conversation.leftOut,
    },
    files,
  };
}

async function stage({ content, path, sha256, ...file }: FoundFile, { source, staging }: From) {
  const before = staging.end;
  const hash = createHash("sha256");

  try {
    const bytes = content === null ? await source.beside(path ?? "") : [decoded(content)];
    const { offset, length } = await staging.append(noted(bytes ?? [], hash));
    const digest = hash.digest();
    if (length > 0 && digest.toString("hex") === sha256) {
      return { ...file, offset, bytes: length, digest: digest.toString("base64url") };
    }
  } catch (error) {
    if (!isDamaged(error)) throw error;
  }
  staging.goBackTo(before);
  return null;
}

function decoded(content: string): Buffer {
  return Buffer.from(content, "base64");
}

async function* noted(content: AsyncIterable<Buffer> | Iterable<Buffer>, hash: Hash) {
  for await (const piece of content) {
    hash.update(piece);
    yield piece;
  }
}

function attached(one: Found, found: FoundFile[], places: (number | null)[]): Found {
  const { files = [], body } = one;
  const isThere = (file: number) => typeof places[file] === "number";
  const marks = files
    .filter((file) => !isThere(file))
    .map((file) => fileMark(found[file]?.name ?? ""));
  return {
    ...one,
    body: marks.length > 0 ? paragraphs(body, ...marks) : body,
    files: files.map((file) => places[file]).filter((place) => typeof place === "number"),
  };
}

/** A message with as many of these files as go with one; the rest is only named. */
export function withFew(message: Message, files: StagedFile[]): Message {
  const { kept, rest } = fewEnough(message.files);
  const marks = rest.map((file) => fileMark(files[file]?.name ?? ""));
  const body = marks.length > 0 ? tidy(paragraphs(message.body, ...marks)) : message.body;
  return { ...message, body, files: kept };
}
