// What an earlier process has left running.
import type { Message } from "../../stores/prisma/client.js";
import { read, statement, storedDate, write } from "../../stores/statements.js";
import { COST_UNKNOWN, COST_UNKNOWN_SET, type Text } from "../generations.js";
import { MANNER, type Manner } from "../parameters.js";
import { noteAnswer } from "../usage.js";

/** An answer that an earlier process has left running. */
export interface Left
  extends Omit<Text, keyof typeof COST_UNKNOWN>,
    Pick<Message, "id" | "conversationId" | "providerId" | "model" | "restarts">,
    Manner {
  userId: string;
  suspendedAt: string | null;
  trashedAt: string | null;
  lastSeen: string;
}

/** What becomes of those that were left running. */
interface Fates {
  adopted: Left[];
  lost: Left[];
}

// Of all rows of all time the index on runningIn leads to the few.
const LEFT_RUNNING = statement<object, Left>(`
  SELECT Message.id, conversationId, Message.providerId, Message.model, ${MANNER}, body, reasoning,
    thoughtForMs, firstTokenMs, tookMs, restarts, userId, suspendedAt, trashedAt, coalesce(writtenAt, Message.createdAt) AS lastSeen
  FROM Message JOIN Conversation ON Conversation.id = conversationId JOIN User ON User.id = userId
  WHERE runningIn > '' ORDER BY +Message.id`);

const ADOPT = statement<{ ids: string; now: string }>(`
  UPDATE Message SET restarts = restarts + 1, writtenAt = @now, ${COST_UNKNOWN_SET}
  WHERE id IN (SELECT value FROM json_each(@ids))`);

const INTERRUPT = statement<{ ids: string }>(`
  UPDATE Message SET state = 'interrupted', failure = 'restart', runningIn = NULL, ${COST_UNKNOWN_SET}
  WHERE id IN (SELECT value FROM json_each(@ids))`);

/**
 * In one go some of it is gone on with, and the rest is interrupted; only a server that holds the lock may do so.
 * That an answer is gone on with is on disk before it is: one that ends the process does not do so for ever.
 */
export async function takeOver(decide: (left: Left[]) => Fates): Promise<Fates> {
  const left = await read(() => LEFT_RUNNING.all({}));
  if (left.length === 0) return { adopted: [], lost: [] };

  return write(() => {
    const fates = decide(LEFT_RUNNING.all({}));
    ADOPT.run({ ids: idsOf(fates.adopted), now: storedDate(new Date()) });
    INTERRUPT.run({ ids: idsOf(fates.lost) });
    for (const { id } of [...fates.adopted, ...fates.lost]) noteAnswer(id, COST_UNKNOWN);
    return fates;
  });
}

function idsOf(answers: Left[]): string {
  return JSON.stringify(answers.map(({ id }) => id));
}
