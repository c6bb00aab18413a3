// What was deleted: for thirty days nothing of it is lost, and only the trash shows it.
import { NotFound } from "../../errors.js";
import { log } from "../../lib/log.js";
import { read, statement, storedDate, write } from "../../stores/statements.js";
import * as files from "../files.js";
import { revokeOf } from "../shares/ending.js";

const DAY_MS = 86_400_000;
const KEPT_MS = 30 * DAY_MS;
const PER_PAGE = 30;
// A cascade goes down a thread one question and one answer at a time, and SQLite follows it through 1,000 links
// at most (SQLITE_MAX_TRIGGER_DEPTH). The newest are at the lower end, so each of them takes fewer than these along.
const DELETED_AT_ONCE = 500;
const PURGED_AT_ONCE = 100;
// As if deleted long ago: no page shows it from then on, and what is left of it after a crash goes with the next purge.
export const LONG_AGO = storedDate(new Date(0));

export interface Discarded {
  id: string;
  title: string;
  /** Until it is gone, the day that has begun included. */
  daysLeft: number;
}

interface Chosen {
  userId: string;
  ids: string;
}

const CHOSEN = "id IN (SELECT value FROM json_each(@ids))";
const KEPT = "userId = @userId AND trashedAt >= @since";

const DISCARD = statement<Chosen & { now: string }, { id: string }>(`
  UPDATE Conversation SET trashedAt = @now WHERE userId = @userId AND trashedAt IS NULL AND ${CHOSEN}
  RETURNING id`);
const DISCARD_ALL = statement<{ userId: string; now: string }, { id: string }>(`
  UPDATE Conversation SET trashedAt = @now WHERE userId = @userId AND trashedAt IS NULL RETURNING id`);
const RUNNING = statement<{ ids: string }, { id: number }>(`
  SELECT id FROM Message WHERE runningIn IN (SELECT value FROM json_each(@ids))`);
const PAGE = statement<
  { userId: string; since: string; offset: number },
  Pick<Discarded, "id" | "title"> & { trashedAt: string }
>(`
  SELECT id, title, trashedAt FROM Conversation WHERE ${KEPT}
  ORDER BY trashedAt DESC, id DESC LIMIT ${PER_PAGE + 1} OFFSET @offset`);
const RESTORE = statement<Chosen & { since: string }>(`
  UPDATE Conversation SET trashedAt = NULL WHERE ${KEPT} AND ${CHOSEN}`);
const GIVE_UP = statement<Chosen & { since: string }, { id: string }>(`
  UPDATE Conversation SET trashedAt = '${LONG_AGO}' WHERE ${KEPT} AND ${CHOSEN} RETURNING id`);
const GIVE_UP_ALL = statement<{ userId: string; since: string }, { id: string }>(`
  UPDATE Conversation SET trashedAt = '${LONG_AGO}' WHERE ${KEPT} RETURNING id`);
const DUE = statement<{ since: string }, { id: string }>(`
  SELECT id FROM Conversation WHERE trashedAt < @since LIMIT ${PURGED_AT_ONCE}`);
const DELETE_NEWEST = statement<{ id: string; since: string }>(`
  DELETE FROM Message WHERE id IN (
    SELECT id FROM Message
    WHERE conversationId = (SELECT id FROM Conversation WHERE id = @id AND trashedAt < @since)
    ORDER BY id DESC LIMIT ${DELETED_AT_ONCE})`);
const DELETE = statement<{ id: string; since: string }>(`
  DELETE FROM Conversation WHERE id = @id AND trashedAt < @since`);

/** Conversations that went to the trash, and the answers that were being written in them. */
interface Discarding {
  count: number;
  running: number[];
}

export async function discard(userId: string, ids: string[]): Promise<Discarding> {
  const values = { userId, ids: JSON.stringify(ids), now: storedDate(new Date()) };
  return write(() => discarding(DISCARD.all(values)));
}

/** Everything that this person has, what is archived too. */
export async function discardAll(userId: string): Promise<Discarding> {
  return write(() => discarding(DISCARD_ALL.all({ userId, now: storedDate(new Date()) })));
}

// What was shared of them ends with them, and does not come back when they do.
function discarding(rows: { id: string }[]): Discarding {
  revokeOf(idsOf(rows));
  const running = RUNNING.all({ ids: JSON.stringify(idsOf(rows)) });
  return { count: rows.length, running: running.map(({ id }) => id) };
}

export async function page(userId: string, number: number) {
  const offset = (number - 1) * PER_PAGE;
  const found = await read(() => PAGE.all({ userId, since: since(), offset }));
  return {
    items: found.slice(0, PER_PAGE).map(discarded),
    number,
    hasOlder: found.length > PER_PAGE,
  };
}

function discarded({ trashedAt, ...row }: ReturnType<typeof PAGE.all>[number]): Discarded {
  const leftMs = Date.parse(trashedAt) + KEPT_MS - Date.now();
  return { ...row, daysLeft: Math.ceil(leftMs / DAY_MS) };
}

/** Puts conversations back where they were; how many there were. */
export async function restore(userId: string, ids: string[]): Promise<number> {
  const values = { userId, ids: JSON.stringify(ids), since: since() };
  return (await write(() => RESTORE.run(values))).changes;
}

/** Deletes one for good. */
export async function erase(userId: string, id: string) {
  const values = { userId, ids: JSON.stringify([id]), since: since() };
  const given = await write(() => GIVE_UP.all(values));
  if (given.length === 0) throw new NotFound();
  await removeAll(given);
}

/** Deletes all of a person's trash for good: from now on nobody sees it, and nobody waits until it is gone. */
export async function empty(userId: string) {
  void removeAll(await write(() => GIVE_UP_ALL.all({ userId, since: since() })));
}

/** Deletes what has been in the trash for thirty days. */
export async function purge() {
  for (;;) {
    const due = await read(() => DUE.all({ since: since() }));
    if (due.length === 0) return;
    for (const { id } of due) await remove(id);
  }
}

// Nobody sees them any more: what cannot be deleted now goes with the next purge, and refuses nothing.
async function removeAll(given: { id: string }[]) {
  try {
    for (const { id } of given) await remove(id);
    await files.prune();
  } catch (error) {
    log.warn({ err: error }, "what was deleted for good goes with the next purge");
  }
}

// In pieces, so that nobody's question waits for thousands of messages to go.
async function remove(id: string) {
  const values = { id, since: since() };
  while ((await write(() => DELETE_NEWEST.run(values))).changes > 0);
  await write(() => DELETE.run(values));
}

function since(): string {
  return storedDate(new Date(Date.now() - KEPT_MS));
}

function idsOf(rows: { id: string }[]): string[] {
  return rows.map(({ id }) => id);
}
