import { NotFound } from "../errors.js";
import { db } from "../stores/database.js";

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

const SUMMARY = { id: true, title: true, updatedAt: true } as const;

export async function page(userId: string, number: number): Promise<ConversationPage> {
  const found = await db.conversation.findMany({
    where: { userId },
    select: SUMMARY,
    orderBy: [{ updatedAt: "desc" }, { id: "desc" }],
    skip: (number - 1) * PER_PAGE,
    take: PER_PAGE + 1,
  });

  return { items: found.slice(0, PER_PAGE), number, hasOlder: found.length > PER_PAGE };
}

export async function find(userId: string, id: string): Promise<ConversationSummary> {
  const conversation = await db.conversation.findFirst({ where: { id, userId }, select: SUMMARY });

  if (conversation) {
    return conversation;
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
