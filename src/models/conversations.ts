import { NotFound } from "../errors.js";
import { db } from "../stores/database.js";
import { read, statement, write } from "../stores/statements.js";

const PER_PAGE = 30;
// A cascade goes down a thread one question and one answer at a time, and SQLite follows it through 1,000 links
// at most (SQLITE_MAX_TRIGGER_DEPTH). The newest are at the lower end, so each of them takes fewer than these along.
const DELETED_AT_ONCE = 500;

interface ConversationSummary {
  id: string;
  title: string;
  updatedAt: Date;
}

interface ConversationPage {
  items: ConversationSummary[];
  number: number;
  hasOlder: boolean;
}

type SummaryRow = Omit<ConversationSummary, "updatedAt"> & { updatedAt: string };

const PAGE = statement<{ userId: string; offset: number }, SummaryRow>(`
  SELECT id, title, updatedAt FROM Conversation WHERE userId = @userId
  ORDER BY updatedAt DESC, id DESC LIMIT ${PER_PAGE + 1} OFFSET @offset`);
const ONE = statement<{ userId: string; id: string }, SummaryRow>(`
  SELECT id, title, updatedAt FROM Conversation WHERE id = @id AND userId = @userId`);
const ALL = statement<{ userId: string }, { id: string }>(`
  SELECT id FROM Conversation WHERE userId = @userId ORDER BY updatedAt DESC`);
const DELETE_NEWEST = statement<{ userId: string; id: string }>(`
  DELETE FROM Message WHERE id IN (
    SELECT id FROM Message
    WHERE conversationId = (SELECT id FROM Conversation WHERE id = @id AND userId = @userId)
    ORDER BY id DESC LIMIT ${DELETED_AT_ONCE})`);
const DELETE = statement<{ userId: string; id: string }>(`
  DELETE FROM Conversation WHERE id = @id AND userId = @userId`);

export async function page(userId: string, number: number): Promise<ConversationPage> {
  const found = await read(() => PAGE.all({ userId, offset: (number - 1) * PER_PAGE }));

  return {
    items: found.slice(0, PER_PAGE).map(summary),
    number,
    hasOlder: found.length > PER_PAGE,
  };
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
  return (await db.conversation.count({ where: { id, userId } })) > 0;
}

export async function destroy(userId: string, id: string) {
  if (!(await remove(userId, id))) throw new NotFound();
}

/** Deletes one by one, so that nobody waits for all of them; `onGone` is told of each. */
export async function clear(userId: string, onGone: (id: string) => void) {
  for (const { id } of await read(() => ALL.all({ userId }))) {
    await remove(userId, id);
    onGone(id);
  }
}

function remove(userId: string, id: string): Promise<boolean> {
  return write(() => {
    while (DELETE_NEWEST.run({ userId, id }).changes > 0);
    return DELETE.run({ userId, id }).changes > 0;
  });
}

function summary(row: SummaryRow): ConversationSummary {
  return { ...row, updatedAt: new Date(row.updatedAt) };
}
