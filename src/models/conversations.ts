import { NotFound } from "../errors.js";
import { log } from "../lib/log.js";
import { takesWrites } from "../stores/disk.js";
import { read, statement, storedDate, write } from "../stores/statements.js";

const PER_PAGE = 30;

export interface ConversationSummary {
  id: string;
  title: string;
  updatedAt: Date;
  pinned: boolean;
  archived: boolean;
  /** An answer has ended since anybody looked. */
  unread: boolean;
  /** An answer is being written. */
  running: boolean;
}

interface ConversationPage {
  items: ConversationSummary[];
  number: number;
  hasOlder: boolean;
}

type Flag = "pinned" | "archived" | "unread" | "running";
type SummaryRow = Pick<ConversationSummary, "id" | "title"> & { updatedAt: string } & Record<
    Flag,
    number
  >;
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

const COLUMNS = `
  id, title, updatedAt, pinnedAt IS NOT NULL AS pinned, archivedAt IS NOT NULL AS archived, unread,
  EXISTS (SELECT 1 FROM Message WHERE runningIn = Conversation.id) AS running`;
/** What is not in the trash, of one person: the only conversations that there are for anybody. */
const THEIRS = "userId = @userId AND trashedAt IS NULL";
const CHOSEN = `${THEIRS} AND id IN (SELECT value FROM json_each(@ids))`;

const LIST = statement<Slice, SummaryRow>(`
  SELECT ${COLUMNS} FROM Conversation WHERE ${THEIRS} AND archivedAt IS NULL
  ORDER BY pinnedAt DESC, updatedAt DESC, id DESC LIMIT @limit OFFSET @offset`);
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
const LOOKED_AT = statement<One>(`
  UPDATE Conversation SET unread = false WHERE id = @id AND userId = @userId AND unread`);

/** The list, pinned ones first, then what was talked in last. */
export async function page(userId: string, number: number): Promise<ConversationPage> {
  return pageOf(LIST, userId, number);
}

/** The first so many pages of the list as one. */
export async function firstPages(userId: string, pages: number): Promise<ConversationPage> {
  const most = pages * PER_PAGE;
  const found = await read(() => LIST.all({ userId, limit: most + 1, offset: 0 }));
  return { ...cut(found, most), number: pages };
}

export async function archived(userId: string, number: number): Promise<ConversationPage> {
  return pageOf(ARCHIVE, userId, number);
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

async function pageOf(slice: typeof LIST, userId: string, number: number) {
  const offset = (number - 1) * PER_PAGE;
  const found = await read(() => slice.all({ userId, limit: PER_PAGE + 1, offset }));
  return { ...cut(found, PER_PAGE), number };
}

function cut(found: SummaryRow[], most: number) {
  return { items: found.slice(0, most).map(summary), hasOlder: found.length > most };
}

function summary({ id, title, updatedAt, ...flags }: SummaryRow): ConversationSummary {
  return {
    id,
    title,
    updatedAt: new Date(updatedAt),
    pinned: flags.pinned === 1,
    archived: flags.archived === 1,
    unread: flags.unread === 1,
    running: flags.running === 1,
  };
}
