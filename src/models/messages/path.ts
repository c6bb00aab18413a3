// A conversation is a tree of messages; what is read and told of it is one path, from the first question down.
import { NotFound } from "../../errors.js";
import { log } from "../../lib/log.js";
import { takesWrites } from "../../stores/disk.js";
import { read as query, statement, write } from "../../stores/statements.js";
import { type ConversationSummary, folderOf } from "../conversations.js";
import { WAITING_THERE, type Waiting, waitingOf } from "../drafts.js";
import { FILE_TEXT_BYTES, FILES_TOLD, type StoredToldFile } from "../files.js";
import { type Place, STAMP } from "../messages.js";
import type { ModelChoice } from "../parameters.js";
import { USABLE } from "../sharing.js";
import { SPENT_IN_CONVERSATION, spentIn, type Totals } from "../usage.js";

const PER_PAGE = 50;
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

// What is read is a leaf, as long as nothing came after it: whatever is added makes the newest the one that is read.
const END = `
  Message.id, title, CASE role WHEN 'answer' THEN Message.id ELSE parentId END AS lastAnswer,
  (SELECT id FROM Message WHERE runningIn = @conversationId) AS running,
  (SELECT max(id) FROM Message WHERE conversationId = @conversationId) AS newest, readingId,
  Conversation.providerId, Conversation.model,
  pinnedAt IS NOT NULL AS pinned, archivedAt IS NOT NULL AS archived, unread,
  (SELECT json_object('name', name, 'icon', icon) FROM Preset WHERE id = presetId AND ${USABLE}) AS preset,
  ${SPENT_IN_CONVERSATION} AS spent,
  folderId, (SELECT name FROM Folder WHERE Folder.id = folderId) AS folder,
  ${WAITING_THERE} AS draft
  FROM Conversation JOIN Message ON Message.id`;
const MINE = "Conversation.id = @conversationId AND userId = @userId AND trashedAt IS NULL";
const READ_LAST = statement<{ userId: string; conversationId: string }, PathEnd>(`
  SELECT ${END} = coalesce(
    (SELECT id FROM Message WHERE id = readingId),
    (SELECT max(id) FROM Message WHERE conversationId = @conversationId))
  WHERE ${MINE}`);
const READ_BELOW = statement<{ userId: string; conversationId: string; through: number }, PathEnd>(`
  WITH RECURSIVE below AS (
    SELECT id FROM Message WHERE id = @through AND conversationId = @conversationId
    UNION ALL SELECT Message.id FROM below JOIN Message ON parentId = below.id
  )
  SELECT ${END} = coalesce(
    (SELECT id FROM below WHERE id = readingId),
    (SELECT max(id) FROM below))
  WHERE ${MINE}`);

// From the message upwards, one by one: ids grow with time, so a child's is above its parent's.
export const PATH = `
  WITH RECURSIVE path AS (
    SELECT id, parentId FROM Message WHERE id = @id AND conversationId = @conversationId
    UNION ALL
    SELECT Message.id, Message.parentId FROM path JOIN Message ON Message.id = path.parentId
  )`;
const PLACES = statement<{ conversationId: string; id: number; before: number }, Place>(`
  ${PATH}
  SELECT id, ${STAMP} AS stamp
  FROM (SELECT id FROM path WHERE id < @before LIMIT ${PER_PAGE + 1})
  CROSS JOIN Message AS shown USING (id) ORDER BY shown.id`);
// Up to the message that comes `ahead` after the anchor, unless the end of the path is on the same page; no further up
// than is shown.
const PLACES_AT = statement<
  { conversationId: string; id: number; anchor: number; ahead: number },
  Place
>(`
  WITH RECURSIVE path AS (
    SELECT id, parentId, 0 AS above FROM Message WHERE id = @id AND conversationId = @conversationId
    UNION ALL
    SELECT Message.id, Message.parentId, above + (path.id <= @anchor)
    FROM path JOIN Message ON Message.id = path.parentId WHERE above <= ${PER_PAGE}
  ), later AS (SELECT id FROM path WHERE id > @anchor)
  SELECT id, ${STAMP} AS stamp
  FROM (
    SELECT id FROM path WHERE id <= coalesce(
      (SELECT id FROM later WHERE (SELECT count(*) FROM later) >= ${PER_PAGE}
       ORDER BY id LIMIT 1 OFFSET @ahead - 1),
      ${NO_LIMIT})
    ORDER BY id DESC LIMIT ${PER_PAGE + 1})
  CROSS JOIN Message AS shown USING (id) ORDER BY shown.id`);
// CROSS: the path leads. By itself SQLite would read all messages there are, in the order asked for.
const TOLD = statement<{ conversationId: string; id: number; from: number }, ToldRow>(`
  ${PATH}
  SELECT role, body, ${FILES_TOLD} FROM path CROSS JOIN Message USING (id)
  WHERE Message.id <> @id AND Message.id >= @from ORDER BY Message.id`);
// What SQLite keeps of a text's length: none is read.
const SIZES = statement<{ conversationId: string; id: number }, Size>(`
  ${PATH}
  SELECT Message.id, role, octet_length(body) + ${FILE_TEXT_BYTES} AS bytes
  FROM path CROSS JOIN Message USING (id) WHERE Message.id <> @id ORDER BY Message.id`);

const REMEMBER = statement<Turn>(`
  UPDATE Conversation SET readingId = @readingId
  WHERE id = @conversationId
    AND @newest = (SELECT max(id) FROM Message WHERE conversationId = @conversationId)`);

interface ToldRow {
  role: string;
  body: string;
  files: string;
}

interface Size {
  id: number;
  role: string;
  bytes: number;
}

interface PathEnd {
  id: number;
  title: string;
  lastAnswer: number | null;
  running: number | null;
  newest: number;
  readingId: number | null;
  providerId: string | null;
  model: string | null;
  pinned: number;
  archived: number;
  unread: number;
  preset: string | null;
  spent: string;
  folderId: number | null;
  folder: string | null;
  draft: string;
}

/** Which part of which path: the path through a message, and its messages before or from one, or else around that. */
export interface Window {
  through: number | null;
  before: number | null;
  from: number | null;
}

/** Somebody looks at another branch than before; null where that has the newest message. */
interface Turn {
  conversationId: string;
  readingId: number | null;
  newest: number;
}

interface Reading {
  /** The last message of the whole path. */
  id: number;
  conversation: Omit<ConversationSummary, "updatedAt" | "running" | "drafted" | "icon"> & {
    /** The model that it is asked with, where somebody chose. */
    chosen: ModelChoice;
    /** What it began with, as that is called today. */
    preset: { name: string; icon: string } | null;
  };
  draft: Waiting;
  places: Place[];
  /** The id before which there is more to read. */
  earlierThan: number | null;
  /** The id after which there is more to read. */
  laterThan: number | null;
  /** The last answer of the whole path: what a reply hangs below. */
  lastAnswer: number | null;
  /** The answer that is being written in this conversation, on this path or on another. */
  running: number | null;
  /** What the conversation came to so far, all of its paths together. */
  spent: Totals;
  turn: Turn | null;
}

/** Fifty places on the path through a message, or else on the one that was read last. */
export async function read(
  userId: string,
  conversationId: string,
  window: Window,
): Promise<Reading> {
  return query(() => {
    const end = endOf(userId, conversationId, window.through);
    const { id, lastAnswer, running } = end;
    const found = placesIn(conversationId, id, window);
    const places = found.slice(-PER_PAGE);
    const last = places.at(-1)?.id ?? id;
    return {
      id,
      conversation: conversationOf(conversationId, end),
      draft: waitingOf(end.draft),
      lastAnswer,
      running,
      spent: spentIn(end.spent),
      places,
      earlierThan: found.length > PER_PAGE ? (places[0]?.id ?? null) : null,
      laterThan: last === id ? null : last,
      turn: turnTo(conversationId, end),
    };
  });
}

/** Where the path through a message ends, or else the one that was read last; part of a read. */
export function endOf(userId: string, conversationId: string, through: number | null): PathEnd {
  const end =
    through === null
      ? READ_LAST.get({ userId, conversationId })
      : READ_BELOW.get({ userId, conversationId, through });

  if (end) {
    return end;
  } else {
    throw new NotFound();
  }
}

function conversationOf(id: string, { title, pinned, archived, unread, ...end }: PathEnd) {
  const { providerId, model, preset } = end;
  return {
    ...{ id, title, folder: folderOf(end), chosen: { providerId, model } },
    preset: preset === null ? null : JSON.parse(preset),
    ...{ pinned: pinned === 1, archived: archived === 1, unread: unread === 1 },
  };
}

function placesIn(conversationId: string, id: number, { through, before, from }: Window): Place[] {
  const path = { conversationId, id };
  if (before !== null) return PLACES.all({ ...path, before });
  if (from !== null) return PLACES_AT.all({ ...path, anchor: from, ahead: PER_PAGE - 1 });
  if (through !== null) return PLACES_AT.all({ ...path, anchor: through, ahead: PER_PAGE / 2 });
  return PLACES.all({ ...path, before: NO_LIMIT });
}

function turnTo(conversationId: string, { id, newest, readingId }: PathEnd): Turn | null {
  const reading = id === newest ? null : id;
  return reading === readingId ? null : { conversationId, readingId: reading, newest };
}

/** Keeps which branch was looked at, for the next time its conversation is opened. Nobody waits for it. */
export function rememberLater(turn: Turn) {
  if (!takesWrites()) return;

  write(() => REMEMBER.run(turn)).catch((error) =>
    log.warn({ err: error }, "the branch that was looked at could not be kept"),
  );
}

/**
 * Everything from the first question to the one that this answer is for: what a model is told. Of more than `mostBytes`
 * the end, which begins at the same question while half as much is added; null where the last question alone is more.
 */
export async function leadingTo(conversationId: string, answerId: number, mostBytes: number) {
  const path = { conversationId, id: answerId };
  const rows = await query(() => {
    const sizes = SIZES.all(path);
    if ((sizes.at(-1)?.bytes ?? 0) > mostBytes) return null;
    return TOLD.all({ ...path, from: firstWithin(sizes, mostBytes) });
  });
  return rows?.map((row) => ({ ...row, files: JSON.parse(row.files) as StoredToldFile[] })) ?? null;
}

function firstWithin(sizes: Size[], mostBytes: number): number {
  const step = mostBytes / 2;
  const excess = sizes.reduce((sum, { bytes }) => sum + bytes, 0) - mostBytes;
  const leaveOut = Math.ceil(excess / step) * step;
  let left = 0;

  for (const { id, role, bytes } of sizes) {
    if (left >= leaveOut && role === "question") return id;
    left += bytes;
  }
  return sizes.at(-1)?.id ?? 0;
}
