// What people attach to their questions. A file lasts as long as a question has it, and one that was only uploaded for
// a day: the triggers of prisma/migrations/*_files see to both.

import { NotFound, Problem } from "../errors.js";
import { fewEnough } from "../lib/attached.js";
import { t } from "../lib/texts.js";
import { read, statement, storedDate, write } from "../stores/statements.js";

const GONE = t(
  "A file that was attached is not here any more: what is not sent within a day goes. Choose it again.",
);
const LONG_AGO = storedDate(new Date(0));
const REMOVED_AT_ONCE = 100;
// Two megabytes: nobody's question waits longer for them to go.
const PIECES_AT_ONCE = 8;

/** A file as far as it is shown. */
export interface ShownFile {
  id: string;
  name: string;
  bytes: number;
  kind: string;
  pages: number | null;
  words: number;
}

/** A file that is to go with a question, and how long its text is. */
export type ReadyFile = ShownFile & { digest: string; textBytes: number };

/** A file as a model is told of it. */
export interface ToldFile {
  name: string;
  text: string;
  /** A picture's bytes as a data: URL, for a model that sees. */
  picture?: string;
}

export type StoredToldFile = Pick<ShownFile, "id" | "kind" | "bytes"> & ToldFile;

const SHOWN = ["id", "name", "bytes", "kind", "pages", "words"];
// One that has expired may be half gone already.
const MINE = `userId = @userId AND kind IS NOT NULL AND (expiresAt IS NULL OR expiresAt > @now)`;

const SHOWN_AS_JSON = `
  json_object(${SHOWN.map((name) => `'${name}', ${name === "id" ? "File.id" : name}`).join(", ")})`;

const READY = statement<{ userId: string; ids: string; now: string }, ReadyFile>(`
  SELECT ${SHOWN.join(", ")}, digest, octet_length(text) AS textBytes
  FROM (SELECT value, key FROM json_each(@ids)) CROSS JOIN File ON File.id = value
  WHERE ${MINE} ORDER BY key`);
const ATTACH = statement<{
  userId: string;
  id: string;
  messageId: number;
  position: number;
  now: string;
}>(`
  INSERT INTO Attachment (messageId, position, fileId)
  SELECT @messageId, @position, id FROM File WHERE id = @id AND ${MINE}`);
const ATTACH_TO_COPIES = statement<{ conversationId: string }>(`
  INSERT INTO Attachment (messageId, position, fileId)
  SELECT copy.id, position, fileId
  FROM Message AS copy CROSS JOIN Attachment ON messageId = copy.copiedFromId
  WHERE copy.conversationId = @conversationId`);
const DRAFT = statement<{ userId: string; id: string; longAgo: string }, { id: string }>(`
  UPDATE File SET expiresAt = @longAgo
  WHERE id = @id AND userId = @userId AND expiresAt IS NOT NULL RETURNING id`);
const EXPIRED = statement<{ now: string }, { id: string }>(`
  SELECT id FROM File WHERE expiresAt <= @now LIMIT ${REMOVED_AT_ONCE}`);
const REMOVE_PIECES = statement<{ id: string }>(`
  DELETE FROM FilePiece WHERE fileId = @id AND number IN (
    SELECT number FROM FilePiece WHERE fileId = @id LIMIT ${PIECES_AT_ONCE})`);
const REMOVE = statement<{ id: string; now: string }>(`
  DELETE FROM File WHERE id = @id AND expiresAt <= @now`);
const ONE = statement<{ userId: string; id: string; now: string }, ShownFile>(`
  SELECT ${SHOWN.join(", ")} FROM File WHERE id = @id AND ${MINE}`);
const PIECE = statement<{ id: string; number: number }, { content: Buffer }>(`
  SELECT content FROM FilePiece WHERE fileId = @id AND number = @number`);

/** A column with the files of the message of this name, as JSON. */
export const filesOf = (message: string) => `
  (SELECT json_group_array(${SHOWN_AS_JSON} ORDER BY position)
  FROM Attachment JOIN File ON File.id = fileId WHERE messageId = ${message}.id) AS files`;
/** That a file waits with a draft, and for how long it may. */
export const WAITS =
  "kind IS NOT NULL AND expiresAt > strftime('%Y-%m-%dT%H:%M:%f', 'now') || '+00:00'";

/** A column with the files that wait with the draft of this id, as JSON. */
export const filesOfDraft = (draftId: string) => `
  (SELECT json_group_array(${SHOWN_AS_JSON} ORDER BY createdAt, id)
  FROM File WHERE draftId = ${draftId} AND userId = @userId AND ${WAITS})`;
/** A column with what a model is told of the files of a message, as JSON. */
export const FILES_TOLD = `
  (SELECT json_group_array(json_object('id', File.id, 'kind', kind, 'bytes', bytes, 'name', name, 'text', text) ORDER BY position)
  FROM Attachment JOIN File ON File.id = fileId WHERE messageId = Message.id) AS files`;

/** How many bytes the texts of a message's files have. */
export const FILE_TEXT_BYTES = `
  (SELECT coalesce(sum(octet_length(text)), 0) FROM Attachment JOIN File ON File.id = fileId
  WHERE messageId = Message.id)`;

/** Those of these files that are this person's and still there, in their order. */
export async function present(userId: string, ids: string[]): Promise<ReadyFile[]> {
  if (ids.length === 0) return [];
  return read(() => READY.all({ userId, ids: JSON.stringify(ids), now: now() }));
}

/** All of these files, for a question that is about to be asked. */
export async function ready(userId: string, ids: string[]): Promise<ReadyFile[]> {
  const wanted = [...new Set(ids)];
  const found = await present(userId, wanted);
  if (found.length < wanted.length) throw new Problem(422, GONE);
  return found;
}

/** Gives a question its files, each once; part of a write. More than may be have been refused or left out before. */
export function attach(userId: string, messageId: number, files: Pick<ReadyFile, "id">[]) {
  const { kept, rest } = fewEnough(files.map(({ id }) => id));
  if (rest.length > 0) throw new RangeError(`${kept.length + rest.length} files of one question`);

  for (const [position, id] of kept.entries()) {
    const { changes } = ATTACH.run({ userId, id, messageId, position, now: now() });
    if (changes === 0) throw new Problem(422, GONE);
  }
}

/** Gives the questions of a fork the files of those that they are copies of; part of a write. */
export function attachToCopies(conversationId: string) {
  ATTACH_TO_COPIES.run({ conversationId });
}

export async function find(userId: string, id: string): Promise<ShownFile> {
  const file = await read(() => ONE.get({ userId, id, now: now() }));

  if (file) {
    return file;
  } else {
    throw new NotFound();
  }
}

/** The bytes of a file, piece by piece: no more of it is in memory than is on its way. */
export async function* pieces(id: string): AsyncGenerator<Buffer> {
  for (let number = 0; ; number += 1) {
    const piece = await read(() => PIECE.get({ id, number }));
    if (!piece) return;
    yield piece.content;
  }
}

/** A picture as a data: URL. */
export async function asDataUrl({ id, kind }: Pick<ShownFile, "id" | "kind">): Promise<string> {
  const bytes: Buffer[] = [];
  for await (const piece of pieces(id)) bytes.push(piece);
  return `data:image/${kind};base64,${Buffer.concat(bytes).toString("base64")}`;
}

/** Deletes a file that no question has yet. */
export async function discard(userId: string, id: string) {
  const draft = await write(() => DRAFT.all({ userId, id, longAgo: LONG_AGO }));
  if (draft.length === 0) throw new NotFound();
  await remove(id);
}

/** Deletes what no question has any more, or within a day has had. */
export async function prune() {
  for (;;) {
    const expired = await read(() => EXPIRED.all({ now: now() }));
    if (expired.length === 0) return;
    for (const { id } of expired) await remove(id);
  }
}

async function remove(id: string) {
  while ((await write(() => REMOVE_PIECES.run({ id }))).changes > 0);
  await write(() => REMOVE.run({ id, now: now() }));
}

function now(): string {
  return storedDate(new Date());
}
