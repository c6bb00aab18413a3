// What somebody has typed and not sent: one text in each conversation, and one for a new one.
import { NotFound } from "../errors.js";
import { randomToken } from "../lib/tokens.js";
import { takesWrites } from "../stores/disk.js";
import { read, statement, storedDate, write } from "../stores/statements.js";
import { filesOfDraft, type ShownFile } from "./files.js";

/** A text, and a name for it as it is now: whoever saves another says which one they had before them. */
export interface Draft {
  text: string;
  version: string;
}

/** The same with the files that were uploaded for it; without a text it has no version. */
export interface Waiting extends Draft {
  files: ShownFile[];
}

interface Place {
  userId: string;
  conversationId: string | null;
}

interface Saved {
  version: string;
  /** What was written over though the one who saved did not have it before them. */
  replaced: string | null;
}

type StoredWaiting = Draft & { files: string };

interface Row extends Place, Draft {
  id: string;
}

const FIND = statement<{ id: string; userId: string }, Draft>(`
  SELECT text, version FROM Draft WHERE id = @id AND userId = @userId`);
const WAITING = statement<{ id: string; userId: string }, StoredWaiting>(`
  SELECT coalesce(text, '') AS text, coalesce(version, '') AS version, ${filesOfDraft("@id")} AS files
  FROM (SELECT 1) LEFT JOIN Draft ON Draft.id = @id AND Draft.userId = @userId`);
const KEEP_FILES = statement<{ id: string; userId: string; files: string }>(`
  UPDATE File SET draftId = @id
  WHERE id IN (SELECT value FROM json_each(@files)) AND userId = @userId AND expiresAt IS NOT NULL
    AND (@id = @userId OR EXISTS (
      SELECT 1 FROM Conversation WHERE id = @id AND userId = @userId AND trashedAt IS NULL))`);
const WITH_THESE = statement<
  { id: string; userId: string; files: string; now: string },
  { count: number }
>(`
  SELECT count(*) AS count FROM File
  WHERE (draftId = @id OR id IN (SELECT value FROM json_each(@files))) AND userId = @userId AND kind IS NOT NULL
    AND expiresAt > @now`);
const LET_FILES_GO = statement<{ id: string; userId: string }>(`
  UPDATE File SET draftId = NULL WHERE draftId = @id AND userId = @userId`);
const IS_THERE = statement<Place, { id: string }>(`
  SELECT id FROM Conversation WHERE id = @conversationId AND userId = @userId AND trashedAt IS NULL`);
const KEEP = statement<Row>(`
  INSERT INTO Draft (id, userId, conversationId, text, version)
  VALUES (@id, @userId, @conversationId, @text, @version)
  ON CONFLICT (id) DO UPDATE SET text = @text, version = @version`);
const DELETE = statement<{ id: string; userId: string }>(`
  DELETE FROM Draft WHERE id = @id AND userId = @userId`);
// Another one, typed elsewhere, stays.
const DELETE_SENT = statement<Draft & { id: string }>(`
  DELETE FROM Draft WHERE id = @id AND (version = @version OR instr(@text, text) > 0)`);

export async function find(userId: string, conversationId: string | null): Promise<Draft | null> {
  return (await read(() => FIND.get({ id: idOf({ userId, conversationId }), userId }))) ?? null;
}

/** Keeps a text in the place of what was there; an empty one is none. `known` is the version that it was written over. */
export async function save(place: Place, text: string, known: string | null): Promise<Saved> {
  const { userId, conversationId } = place;
  const id = idOf(place);
  const version = randomToken();

  return write(() => {
    if (conversationId !== null && !IS_THERE.get(place)) throw new NotFound();
    const before = FIND.get({ id, userId });

    if (text.trim() === "") DELETE.run({ id, userId });
    else KEEP.run({ id, ...place, text, version });
    const isLost = before && before.version !== known && !text.includes(before.text);
    return { version, replaced: isLost ? before.text : null };
  });
}

/** A column with what waits in a conversation, as JSON. */
export const WAITING_THERE = `
  json_object('text', (SELECT text FROM Draft WHERE Draft.id = @conversationId),
    'version', (SELECT version FROM Draft WHERE Draft.id = @conversationId),
    'files', json(${filesOfDraft("@conversationId")}))`;

export function waitingOf(json: string): Waiting {
  const { text, version, files } = JSON.parse(json);
  return { text: text ?? "", version: version ?? "", files };
}

/** What was typed and uploaded for a question, and not sent. */
export async function findWaiting(userId: string, conversationId: string | null) {
  const id = idOf({ userId, conversationId });
  const row = await read(() => WAITING.get({ id, userId }));
  return { text: "", version: "", ...row, files: JSON.parse(row?.files ?? "[]") as ShownFile[] };
}

/**
 * Lets files wait with what is typed there, until they are sent or expire; on a full disk, for one page alone. Whether
 * there are no more than `most` with those that wait already: else none of them does.
 */
export async function keepFiles(
  place: Place,
  files: Pick<ShownFile, "id">[],
  most: number,
): Promise<boolean> {
  if (files.length === 0 || !takesWrites()) return true;

  const ids = JSON.stringify(files.map(({ id }) => id));
  const row = { id: idOf(place), userId: place.userId, files: ids };
  return write(() => {
    const count = WITH_THESE.get({ ...row, now: storedDate(new Date()) })?.count ?? 0;
    if (count > most) return false;
    KEEP_FILES.run(row);
    return true;
  });
}

/** What was typed has been sent, and of its files what was to go with it; part of a write. */
export function forgetSent(place: Place, text: string, version: string | null) {
  LET_FILES_GO.run({ id: idOf(place), userId: place.userId });
  DELETE_SENT.run({ id: idOf(place), text, version: version ?? "" });
}

function idOf({ userId, conversationId }: Place): string {
  return conversationId ?? userId;
}
