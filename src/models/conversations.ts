import { NotFound } from "../errors.js";
import { log } from "../lib/log.js";
import { takesWrites } from "../stores/disk.js";
import { isGone } from "../stores/failures.js";
import { read, statement, storedDate, write } from "../stores/statements.js";
import { WAITS } from "./files.js";
import { USABLE } from "./sharing.js";

export const PER_PAGE = 30;

export interface ConversationSummary {
  id: string;
  title: string;
  updatedAt: Date;
  folder: { id: number; name: string } | null;
  pinned: boolean;
  archived: boolean;
  /** An answer has ended since anybody looked. */
  unread: boolean;
  /** An answer is being written. */
  running: boolean;
  /** Something was typed and not sent. */
  drafted: boolean;
  /** The preset's that it began with, as that is shown today. */
  icon: string | null;
}

interface ConversationPage {
  items: ConversationSummary[];
  number: number;
  hasOlder: boolean;
}

type Flag = "pinned" | "archived" | "unread" | "running" | "drafted";
export type SummaryRow = Pick<ConversationSummary, "id" | "title" | "icon"> & {
  updatedAt: string;
  folderId: number | null;
  folder: string | null;
} & Record<Flag, number>;
interface Slice {
  userId: string;
  limit: number;
  offset: number;
}

interface One {
  userId: string;
  id: string;
}

interface Chosen {
  userId: string;
  ids: string;
}

export const COLUMNS = `
  id, title, updatedAt, pinnedAt IS NOT NULL AS pinned, archivedAt IS NOT NULL AS archived, unread,
  EXISTS (SELECT 1 FROM Message WHERE runningIn = Conversation.id) AS running,
  EXISTS (SELECT 1 FROM Draft WHERE Draft.id = Conversation.id
    UNION ALL SELECT 1 FROM File WHERE draftId = Conversation.id AND ${WAITS}) AS drafted,
  folderId, (SELECT name FROM Folder WHERE Folder.id = folderId) AS folder,
  (SELECT icon FROM Preset WHERE Preset.id = presetId AND ${USABLE}) AS icon`;
/** What is not in the trash, of one person: the only conversations that there are for anybody. */
export const THEIRS = "userId = @userId AND trashedAt IS NULL";
export const IN_ORDER = "ORDER BY pinnedAt DESC, updatedAt DESC, id DESC";
const CHOSEN = `${THEIRS} AND id IN (SELECT value FROM json_each(@ids))`;

const LIST = statement<Slice, SummaryRow>(`
  SELECT ${COLUMNS} FROM Conversation WHERE ${THEIRS} AND archivedAt IS NULL
  ${IN_ORDER} LIMIT @limit OFFSET @offset`);
const IN_FOLDER = statement<Slice & { folderId: number }, SummaryRow>(`
  SELECT ${COLUMNS} FROM Conversation WHERE ${THEIRS} AND archivedAt IS NULL AND folderId = @folderId
  ${IN_ORDER} LIMIT @limit OFFSET @offset`);
const ARCHIVE = statement<Slice, SummaryRow>(`
  SELECT ${COLUMNS} FROM Conversation WHERE ${THEIRS} AND archivedAt > ''
  ORDER BY archivedAt DESC, id DESC LIMIT @limit OFFSET @offset`);
const ONE = statement<One, SummaryRow>(`
  SELECT ${COLUMNS} FROM Conversation WHERE id = @id AND ${THEIRS}`);
const RENAME = statement<One & { title: string }>(`
  UPDATE Conversation SET title = @title, titledBy = 'person' WHERE id = @id AND ${THEIRS}`);
const PIN = statement<One & { now: string }>(`
  UPDATE Conversation SET pinnedAt = @now, archivedAt = NULL WHERE id = @id AND ${THEIRS}`);
const UNPIN = statement<One>(`
  UPDATE Conversation SET pinnedAt = NULL WHERE id = @id AND ${THEIRS}`);
const ARCHIVE_CHOSEN = statement<Chosen & { now: string }>(`
  UPDATE Conversation SET archivedAt = coalesce(archivedAt, @now), pinnedAt = NULL WHERE ${CHOSEN}`);
const UNARCHIVE_CHOSEN = statement<Chosen>(`
  UPDATE Conversation SET archivedAt = NULL WHERE ${CHOSEN}`);
const ALL_CHOSEN = statement<Chosen, Pick<SummaryRow, "id" | "title" | "folderId">>(`
  SELECT id, title, folderId FROM Conversation WHERE ${CHOSEN}`);
const PUT = statement<Chosen & { folderId: number | null }>(`
  UPDATE Conversation SET folderId = @folderId WHERE ${CHOSEN}`);
const LOOKED_AT = statement<One>(`
  UPDATE Conversation SET unread = false WHERE id = @id AND userId = @userId AND unread`);

/** The list, pinned ones first, then what was talked in last. */
export async function page(userId: string, number: number): Promise<ConversationPage> {
  return pageOf(LIST, { userId }, number);
}

export async function archived(userId: string, number: number): Promise<ConversationPage> {
  return pageOf(ARCHIVE, { userId }, number);
}

/** What is in a folder, in the order of the list. */
export async function inFolder(
  userId: string,
  folderId: number,
  number: number,
): Promise<ConversationPage> {
  return pageOf(IN_FOLDER, { userId, folderId }, number);
}

export async function find(userId: string, id: string): Promise<ConversationSummary> {
  const row = await read(() => ONE.get({ userId, id }));

  if (row) {
    return summary(row);
  } else {
    throw new NotFound();
  }
}

export async function exists(userId: string, id: string): Promise<boolean> {
  return (await read(() => ONE.get({ userId, id }))) !== undefined;
}

/** Gives a title that no model changes any more. */
export async function rename(userId: string, id: string, title: string) {
  await changeOne(() => RENAME.run({ userId, id, title }));
}

export async function pin(userId: string, id: string) {
  await changeOne(() => PIN.run({ userId, id, now: storedDate(new Date()) }));
}

export async function unpin(userId: string, id: string) {
  await changeOne(() => UNPIN.run({ userId, id }));
}

/** Takes conversations out of the list; how many there were. */
export async function archive(userId: string, ids: string[]): Promise<number> {
  const values = { userId, ids: JSON.stringify(ids), now: storedDate(new Date()) };
  return (await write(() => ARCHIVE_CHOSEN.run(values))).changes;
}

export async function unarchive(userId: string, ids: string[]): Promise<number> {
  return (await write(() => UNARCHIVE_CHOSEN.run({ userId, ids: JSON.stringify(ids) }))).changes;
}

/** Those of these conversations that there are. */
export async function findMany(userId: string, ids: string[]) {
  return read(() => ALL_CHOSEN.all({ userId, ids: JSON.stringify(ids) }));
}

/** Puts conversations into a folder that was found to be this person's, or out of theirs; how many there were. */
export async function putInto(
  userId: string,
  folderId: number | null,
  ids: string[],
): Promise<number> {
  const values = { userId, folderId, ids: JSON.stringify(ids) };

  try {
    return (await write(() => PUT.run(values))).changes;
  } catch (error) {
    throw isGone(error) ? new NotFound() : error;
  }
}

/** Somebody has seen how its last answer ended. Where that cannot be stored, the mark stays, and the page is shown. */
export async function markRead(userId: string, id: string) {
  if (!takesWrites()) return;

  try {
    await write(() => LOOKED_AT.run({ userId, id }));
  } catch (error) {
    log.warn({ err: error }, "that a conversation was looked at could not be stored");
  }
}

async function changeOne(change: () => { changes: number }) {
  const { changes } = await write(change);
  if (changes === 0) throw new NotFound();
}

type Pages<Of> = { all(values: Of & Omit<Slice, "userId">): SummaryRow[] };

async function pageOf<Of>(pages: Pages<Of>, of: Of, number: number) {
  const offset = (number - 1) * PER_PAGE;
  const found = await read(() => pages.all({ ...of, limit: PER_PAGE + 1, offset }));
  return { ...cut(found, PER_PAGE), number };
}

/** At most so many of the rows that were read, and whether there are more. */
export function cut(found: SummaryRow[], most: number) {
  return { items: found.slice(0, most).map(summary), hasOlder: found.length > most };
}

function summary(row: SummaryRow): ConversationSummary {
  const { id, title, icon, updatedAt, folderId, folder, ...flags } = row;
  return {
    id,
    title,
    icon,
    updatedAt: new Date(updatedAt),
    folder: folderOf({ folderId, folder }),
    pinned: flags.pinned === 1,
    archived: flags.archived === 1,
    unread: flags.unread === 1,
    running: flags.running === 1,
    drafted: flags.drafted === 1,
  };
}

export function folderOf({ folderId, folder }: Pick<SummaryRow, "folderId" | "folder">) {
  return folderId === null || folder === null ? null : { id: folderId, name: folder };
}
