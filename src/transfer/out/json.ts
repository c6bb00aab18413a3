import type { Leaving, LeavingMessage } from "../../models/conversations/transfer.js";

export const FORMAT = "aifacade";
export const VERSION = 1;

/** A conversation with all its branches as our own JSON, one message a line; src/transfer/README.md says what it holds. */
export async function* json(
  { readingId, ...conversation }: Leaving,
  messages: AsyncIterable<LeavingMessage>,
): AsyncGenerator<string> {
  // In a file messages are counted from 1: two copies of a conversation are alike, whichever rows they have.
  const numbers = new Map<number, number>();
  yield opening(conversation);

  for await (const message of messages) {
    const isFirst = numbers.size === 0;
    numbers.set(message.id, numbers.size + 1);
    yield `${isFirst ? "\n" : ",\n"}${JSON.stringify(numbered(message, numbers))}`;
  }
  yield `\n],"reading":${JSON.stringify(numberOf(readingId, numbers))}}}\n`;
}

function opening(conversation: Omit<Leaving, "readingId">): string {
  const head = JSON.stringify({ format: FORMAT, version: VERSION, conversation });
  return `${head.slice(0, -2)},"messages":[`;
}

function numbered(message: LeavingMessage, numbers: Map<number, number>) {
  const { id, parentId, role, body, createdAt, ...answer } = message;
  const question = {
    id: numberOf(id, numbers),
    parentId: numberOf(parentId, numbers),
    ...{ role, body, createdAt },
  };
  return role === "answer" ? { ...question, ...answer } : question;
}

function numberOf(id: number | null, numbers: Map<number, number>): number | null {
  return id === null ? null : (numbers.get(id) ?? null);
}
