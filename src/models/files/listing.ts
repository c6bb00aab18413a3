// The files of one person, the largest first: what takes the room that they have.
import { read, statement } from "../../stores/statements.js";
import type { ShownFile } from "../files.js";

const PER_PAGE = 50;

export interface KeptFile extends ShownFile {
  createdAt: Date;
  /** The first conversation that has it; null while it is in none, or only in the trash. */
  place: { conversationId: string; messageId: number; title: string } | null;
}

type Row = ShownFile & { createdAt: string; place: string | null };

const LIST = statement<{ userId: string; offset: number }, Row>(`
  SELECT id, name, bytes, kind, pages, words, createdAt, (
    SELECT json_object('conversationId', conversationId, 'messageId', messageId, 'title', title)
    FROM Attachment JOIN Message ON Message.id = messageId
    JOIN Conversation ON Conversation.id = conversationId
    WHERE fileId = File.id AND trashedAt IS NULL ORDER BY messageId LIMIT 1) AS place
  FROM File WHERE userId = @userId AND kind IS NOT NULL
  ORDER BY bytes DESC, id LIMIT ${PER_PAGE + 1} OFFSET @offset`);
const USED = statement<{ userId: string }, { bytes: number }>(`
  SELECT coalesce(sum(bytes), 0) AS bytes FROM File WHERE userId = @userId`);

export async function page(userId: string, number: number) {
  return read(() => {
    const found = LIST.all({ userId, offset: (number - 1) * PER_PAGE });
    return {
      items: found.slice(0, PER_PAGE).map(kept),
      number,
      hasOlder: found.length > PER_PAGE,
      usedBytes: used(userId),
    };
  });
}

/** How much all that this person has uploaded takes; part of a read or a write. */
export function used(userId: string): number {
  return USED.get({ userId })?.bytes ?? 0;
}

function kept({ createdAt, place, ...file }: Row): KeptFile {
  return { ...file, createdAt: new Date(createdAt), place: place ? JSON.parse(place) : null };
}
