// The end of what is shared: its link opens nothing from then on, and in time nobody remembers it.
import { NotFound } from "../../errors.js";
import { statement, storedDate, write } from "../../stores/statements.js";

const DAY_MS = 86_400_000;
// For so long a link that has ended says so, and stands in the list.
const ENDED_KEPT_MS = 30 * DAY_MS;
// Whoever has opened a link may copy what it showed, even if nobody else can open it any more.
const USED_KEPT_MS = DAY_MS;

interface One {
  userId: string;
  id: string;
}

const REVOKE = "UPDATE Share SET revokedAt = coalesce(revokedAt, @now)";
const REVOKE_ONE = statement<One & { now: string }, { id: string }>(`
  ${REVOKE} WHERE id = @id AND userId = @userId RETURNING id`);
const REVOKE_ALL = statement<{ userId: string; now: string }, { id: string }>(`
  ${REVOKE} WHERE userId = @userId RETURNING id`);
const REVOKE_OF = statement<{ conversations: string; now: string }, { id: string }>(`
  ${REVOKE} WHERE conversationId IN (SELECT value FROM json_each(@conversations)) RETURNING id`);
const FORGET = statement<{ ids: string }>(`
  DELETE FROM SharedMessage WHERE shareId IN (SELECT value FROM json_each(@ids))`);

const FORGET_ENDED = statement<{ now: string; usedBefore: string }>(`
  DELETE FROM SharedMessage WHERE shareId IN (
    SELECT id FROM Share WHERE expiresAt <= @now OR (views >= viewLimit AND openedAt < @usedBefore))`);
const DELETE_ENDED = statement<{ before: string }>(`
  DELETE FROM Share
  WHERE revokedAt < @before OR expiresAt < @before OR (views >= viewLimit AND openedAt < @before)`);

/** Ends a link at once; what it has shown is deleted. */
export async function revoke(userId: string, id: string) {
  const now = storedDate(new Date());
  const count = await write(() => forgotten(REVOKE_ONE.all({ userId, id, now })));
  if (count === 0) throw new NotFound();
}

export async function revokeAll(userId: string) {
  await write(() => forgotten(REVOKE_ALL.all({ userId, now: storedDate(new Date()) })));
}

/** What was shared of conversations that are deleted; part of a write. */
export function revokeOf(conversations: string[]) {
  const row = { conversations: JSON.stringify(conversations), now: storedDate(new Date()) };
  forgotten(REVOKE_OF.all(row));
}

/** Deletes what nobody can read any more, and in the end the memory of it. */
export async function prune() {
  const ago = (ms: number) => storedDate(new Date(Date.now() - ms));

  await write(() => {
    FORGET_ENDED.run({ now: ago(0), usedBefore: ago(USED_KEPT_MS) });
    DELETE_ENDED.run({ before: ago(ENDED_KEPT_MS) });
  });
}

function forgotten(rows: { id: string }[]): number {
  FORGET.run({ ids: JSON.stringify(rows.map(({ id }) => id)) });
  return rows.length;
}
