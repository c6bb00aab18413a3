// A file on its way in: it is stored as it comes, so that no more of it is in memory than a piece, and read when it is whole.

import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { config } from "../../config.js";
import { Problem, Unavailable } from "../../errors.js";
import { tidyFileName } from "../../lib/file-names.js";
import { type FileText, type Obstacle, readFileText, Unreadable } from "../../lib/file-text.js";
import { log } from "../../lib/log.js";
import { spokenBytes } from "../../lib/spoken.js";
import { t } from "../../lib/texts.js";
import { randomToken } from "../../lib/tokens.js";
import { refuseUnlessWritable } from "../../stores/disk.js";
import { read, statement, storedDate, write } from "../../stores/statements.js";
import { discard, pieces } from "../files.js";
import { used } from "./listing.js";

const DAY_MS = 86_400_000;
const PIECE_BYTES = 262_144;
const BUSY_SECONDS = 10;

const WHY_NOT: Record<Exclude<Obstacle, "too_many">, (name: string) => string> = {
  unknown: (name) =>
    t(
      "{name} holds nothing that can be read here. Text, code, CSV, PDF, DOCX and pictures (PNG, JPEG, GIF, WebP) can be.",
      { name },
    ),
  broken: (name) =>
    t("{name} is broken, or is not what its first bytes say: it cannot be read.", { name }),
  locked: (name) =>
    t("{name} is locked with a password. Save it without one, and choose it again.", { name }),
  too_long: (name) =>
    t("{name} holds more text than any model reads. Send a part of it.", { name }),
  too_much: (name) =>
    t(
      "{name} takes too long to read, or too much memory. Save it in a simpler form, such as text.",
      { name },
    ),
};

const BEGIN = statement<{
  id: string;
  userId: string;
  name: string;
  now: string;
  expiresAt: string;
}>(`
  INSERT INTO File (id, userId, name, createdAt, expiresAt)
  VALUES (@id, @userId, @name, @now, @expiresAt)`);
const ADD_PIECE = statement<{ id: string; number: number; content: Buffer }>(`
  INSERT INTO FilePiece (fileId, number, content) VALUES (@id, @number, @content)`);
const GROW = statement<{ id: string; bytes: number }>(`
  UPDATE File SET bytes = bytes + @bytes WHERE id = @id`);
const FINISH = statement<FileText & { id: string; digest: string }>(`
  UPDATE File SET kind = @kind, digest = @digest, pages = @pages, words = @words, text = @text
  WHERE id = @id`);

// The same once more, whether it was sent or not.
const SAME = statement<
  { userId: string; name: string; bytes: number; digest: string; now: string },
  { id: string }
>(`
  SELECT id FROM File
  WHERE userId = @userId AND bytes = @bytes AND digest = @digest AND name = @name
    AND (expiresAt IS NULL OR expiresAt > @now) LIMIT 1`);
const BACKDATE = statement<{ id: string; createdAt: string }>(`
  UPDATE File SET createdAt = @createdAt WHERE id = @id`);

/** A file of a conversation that comes from elsewhere, beside its bytes; `createdAt` is in milliseconds. */
export interface ArrivingFile {
  name: string;
  bytes: number;
  digest: string;
  createdAt: number | null;
}

type Arriving = ArrivingFile & { content(): Readable };

interface Arrived {
  id: string;
  /** It was not here before. */
  isNew: boolean;
}

/** What came of the files of a form: their ids in the order they were chosen, and what refused some. */
export interface Received {
  ids: (string | null)[];
  problems: Problem[];
  /** Whether this person may upload so often. */
  permission: Promise<void> | null;
  /** Answers, whether or not all of it is here. */
  goOn(): void;
}

interface Owned {
  id: string;
  userId: string;
  name: string;
}

/** Takes a file in and reads it; what refuses it is a `Problem` with a sentence that names it. */
export async function receive(userId: string, name: string, content: Readable): Promise<string> {
  refuseUnlessWritable();
  const file = await begin(userId, tidyFileName(name));

  try {
    const { digest, bytes } = await store(file, content);
    await finish(file, digest, await readText(file, bytes));
    return file.id;
  } catch (error) {
    await giveUp(file);
    throw error;
  }
}

/**
 * Takes in files that a model has been told of elsewhere: they are read and refused as any other, so that it is told here
 * of nothing that is not in them. All of them or none: those of what cannot come, as `take` says by throwing, take nobody's
 * room.
 */
export async function arrive<T>(
  userId: string,
  files: Iterable<Arriving>,
  take: (ids: string[]) => Promise<T>,
): Promise<T> {
  const arrived: Arrived[] = [];
  try {
    for (const file of files) arrived.push(await arriveOne(userId, file));
    return await take(arrived.map(({ id }) => id));
  } catch (error) {
    for (const { id } of arrived.filter(({ isNew }) => isNew)) await giveUp({ id, userId });
    throw error;
  }
}

async function arriveOne(userId: string, { content, ...file }: Arriving): Promise<Arrived> {
  const { bytes, digest, createdAt } = file;
  const name = tidyFileName(file.name);
  const now = storedDate(new Date());
  const same = await read(() => SAME.get({ userId, name, bytes, digest, now }));
  if (same) return { id: same.id, isNew: false };

  const stream = content();
  // One that is refused midway has not run out.
  const id = await receive(userId, name, stream).finally(() => stream.destroy());
  if (createdAt !== null) {
    const at = storedDate(new Date(Math.min(createdAt, Date.now())));
    await write(() => BACKDATE.run({ id, createdAt: at }));
  }
  return { id, isNew: true };
}

/** Refuses what is to come before its first byte has, where all of it cannot be kept. */
export async function refuseUnlessRoom(
  userId: string,
  { name, bytes }: Pick<ArrivingFile, "name" | "bytes">,
) {
  const usedBytes = await read(() => used(userId));
  if (usedBytes + bytes > config.files.quotaBytes) throw overQuota(name);
}

async function begin(userId: string, name: string): Promise<Owned> {
  const id = randomToken();
  const [now, expiresAt] = [0, DAY_MS].map((ms) => storedDate(new Date(Date.now() + ms)));
  await write(() =>
    BEGIN.run({ id, userId, name, now: String(now), expiresAt: String(expiresAt) }),
  );
  return { id, userId, name };
}

async function store(file: Owned, content: Readable) {
  const hash = createHash("sha256");
  let bytes = 0;
  let number = 0;

  for await (const piece of inPieces(content)) {
    bytes += piece.length;
    if (bytes > config.files.maxBytes) throw tooLarge(file);
    hash.update(piece);
    await add(file, number, piece);
    number += 1;
  }

  if (bytes === 0) throw new Problem(422, t("{name} is empty.", { name: file.name }));
  return { digest: hash.digest("base64url"), bytes };
}

// Whoever gives the stream lets the rest of it run out; destroyed, it would stop those behind it.
async function* inPieces(content: Readable): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let bytes = 0;

  for await (const chunk of content.iterator({ destroyOnReturn: false })) {
    waiting.push(chunk);
    bytes += chunk.length;
    if (bytes < PIECE_BYTES) continue;
    yield Buffer.concat(waiting);
    waiting = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(waiting);
}

// Counted where it is written: files that come at the same time cannot pass the quota together.
async function add({ id, userId, name }: Owned, number: number, content: Buffer) {
  await write(() => {
    ADD_PIECE.run({ id, number, content });
    GROW.run({ id, bytes: content.length });
    if (used(userId) > config.files.quotaBytes) throw overQuota(name);
  });
}

async function readText({ id, name }: Owned, bytes: number): Promise<FileText> {
  const whole = new Uint8Array(bytes);
  let filled = 0;
  for await (const piece of pieces(id)) {
    whole.set(piece, filled);
    filled += piece.length;
  }

  try {
    return await readFileText(whole);
  } catch (error) {
    throw error instanceof Unreadable ? refusalOf(name, error.obstacle) : error;
  }
}

async function finish({ id }: Owned, digest: string, text: FileText) {
  await write(() => FINISH.run({ id, digest, ...text }));
}

// What cannot be deleted now goes when it expires.
async function giveUp({ id, userId }: Pick<Owned, "id" | "userId">) {
  try {
    await discard(userId, id);
  } catch (error) {
    log.warn({ err: error }, "a refused file goes when it expires");
  }
}

function refusalOf(name: string, obstacle: Obstacle): Problem {
  if (obstacle === "too_many") {
    return new Unavailable(
      t("{name} has to wait: many files are being read.", { name }),
      BUSY_SECONDS,
    );
  } else {
    return new Problem(422, WHY_NOT[obstacle](name));
  }
}

function tooLarge({ name }: Owned): Problem {
  return new Problem(
    413,
    t("{name} is too large: a file has at most {size}.", {
      name,
      size: spokenBytes(config.files.maxBytes),
    }),
  );
}

function overQuota(name: string): Problem {
  const { quotaBytes } = config.files;
  return new Problem(
    413,
    quotaBytes === 0
      ? t("No files can be attached on this server.")
      : t(
          "There is no room for {name}: your files may take {size} in all. Your account lists them; those of conversations that you delete for good make room.",
          { name, size: spokenBytes(quotaBytes) },
        ),
  );
}
