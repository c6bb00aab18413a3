import { NotFound } from "../errors.js";
import { db } from "../stores/database.js";
import { read, statement } from "../stores/statements.js";

const PER_PAGE = 30;

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
  const { count } = await db.conversation.deleteMany({ where: { id, userId } });
  if (count === 0) throw new NotFound();
}

export async function clear(userId: string) {
  await db.conversation.deleteMany({ where: { userId } });
}

function summary(row: SummaryRow): ConversationSummary {
  return { ...row, updatedAt: new Date(row.updatedAt) };
}
