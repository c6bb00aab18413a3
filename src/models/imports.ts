import { Conflict, NotFound } from "../errors.js";
import { t } from "../lib/texts.js";
import { randomToken } from "../lib/tokens.js";
import type { Import as Row } from "../stores/prisma/client.js";
import { read, statement, storedDate, write } from "../stores/statements.js";

const SHOWN = 10;
const DAY_MS = 86_400_000;
const KEPT_MS = 7 * DAY_MS;
const UNDER_WAY = t(
  "Another file of yours is being read or imported. Wait for it, or remove it first.",
);

type EndState = "ready" | "refused" | "stopped" | "done";

export type Import = Pick<Row, "id" | "name" | "state" | "problem"> & { createdAt: Date };

type One = { userId: string; id: string };
type Stored<T> = Omit<T, "createdAt"> & { createdAt: string };

const INSERT = statement<One & { name: string; now: string }>(`
  INSERT INTO Import (id, userId, name, state, createdAt) VALUES (@id, @userId, @name, 'reading', @now)`);
const UNDER_WAY_OF = statement<{ userId: string }, { id: string }>(`
  SELECT id FROM Import WHERE userId = @userId AND state IN ('reading', 'importing')`);
// What was only looked at makes room for the next.
const GIVE_WAY = statement<{ userId: string }, { id: string }>(`
  DELETE FROM Import WHERE userId = @userId AND state IN ('ready', 'refused') RETURNING id`);
const COLUMNS = "id, name, state, problem, createdAt";
const FIND = statement<One, Stored<Import>>(`
  SELECT ${COLUMNS} FROM Import WHERE id = @id AND userId = @userId`);
const RECENT = statement<{ userId: string }, Stored<Import>>(`
  SELECT ${COLUMNS} FROM Import WHERE userId = @userId ORDER BY createdAt DESC LIMIT ${SHOWN}`);
// What is chosen of one that was read, or had to stop; of somebody's only one at a time.
const START = statement<{ id: string }>(`
  UPDATE Import SET state = 'importing', problem = NULL
  WHERE id = @id AND state IN ('ready', 'stopped')
    AND EXISTS (SELECT 1 FROM ImportItem WHERE importId = @id AND state = 'chosen')
    AND NOT EXISTS (SELECT 1 FROM Import AS other WHERE other.userId = Import.userId
      AND other.state IN ('reading', 'importing'))`);
const END = statement<{ id: string; state: string; problem: string | null }>(`
  UPDATE Import SET state = @state, problem = @problem WHERE id = @id AND state IN ('reading', 'importing')`);
const FAIL = statement<{ id: string; problem: string }>(`
  UPDATE Import SET state = iif(state = 'reading', 'refused', 'stopped'), problem = @problem
  WHERE id = @id AND state IN ('reading', 'importing')`);
const LEFT = statement<object, { id: string; state: string }>(`
  SELECT id, state FROM Import WHERE state IN ('reading', 'importing') ORDER BY createdAt`);
const DELETE = statement<One>("DELETE FROM Import WHERE id = @id AND userId = @userId");
const PRUNE = statement<{ before: string }>(`
  DELETE FROM Import WHERE createdAt < @before AND state NOT IN ('reading', 'importing')`);
const IDS = statement<object, { id: string }>("SELECT id FROM Import");

/** Refuses another file of somebody's while one is read or taken in. */
export async function refuseWhileUnderWay(userId: string) {
  await read(() => refuseAnother(userId));
}

/** Notes that a file has come, and which of before are forgotten for it. */
export async function begin(userId: string, name: string) {
  const id = randomToken();
  const forgotten = await write(() => {
    refuseAnother(userId);
    const before = GIVE_WAY.all({ userId });
    INSERT.run({ id, userId, name, now: storedDate(new Date()) });
    return before.map((row) => row.id);
  });
  return { id, forgotten };
}

function refuseAnother(userId: string) {
  if (UNDER_WAY_OF.get({ userId })) throw new Conflict(UNDER_WAY);
}

export async function find(userId: string, id: string): Promise<Import> {
  const row = await read(() => FIND.get({ userId, id }));

  if (row) {
    return dated(row);
  } else {
    throw new NotFound();
  }
}

/** What somebody brought lately, the newest first. */
export async function recent(userId: string): Promise<Import[]> {
  return (await read(() => RECENT.all({ userId }))).map(dated);
}

/** Lets what was chosen be taken in; false where nothing is, or another is under way. */
export async function start(id: string): Promise<boolean> {
  return (await write(() => START.run({ id }))).changes > 0;
}

/** Notes how reading or taking in has ended. */
export async function end(id: string, state: EndState, problem: string | null) {
  await write(() => END.run({ id, state, problem }));
}

/** Notes that either has failed, whichever it was. */
export async function fail(id: string, problem: string) {
  await write(() => FAIL.run({ id, problem }));
}

/** What an earlier process was about. */
export async function left() {
  return read(() => LEFT.all({}));
}

export async function remove(userId: string, id: string) {
  const { changes } = await write(() => DELETE.run({ userId, id }));
  if (changes === 0) throw new NotFound();
}

/** Forgets what is older than a week; the ids of all that are left. */
export async function prune(): Promise<string[]> {
  const before = storedDate(new Date(Date.now() - KEPT_MS));
  await write(() => PRUNE.run({ before }));
  return (await read(() => IDS.all({}))).map(({ id }) => id);
}

function dated({ createdAt, ...row }: Stored<Import>): Import {
  return { ...row, createdAt: new Date(createdAt) };
}
