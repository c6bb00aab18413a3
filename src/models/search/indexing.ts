// Triggers of the database note each message that became final, or whose title has changed, with the very change that
// made it so; here it is read, soon after. What a crash leaves is still noted.
import { currentObstacle } from "../../stores/disk.js";
import type { Message } from "../../stores/prisma/client.js";
import { read, statement, write } from "../../stores/statements.js";
import { indexText } from "./terms.js";

/** As much of a message as is searched: nobody waits longer than for some 10 ms while it is read. */
export const SEARCHED_CHARACTERS = 50_000;
const AT_ONCE: Portion = { messages: 20, characters: SEARCHED_CHARACTERS };
// Ten thousand messages in half a minute, while everything else goes on.
const SLICES = 20;

interface Portion {
  messages: number;
  characters: number;
}

interface Waiting extends Pick<Message, "id" | "role" | "model" | "state" | "body"> {
  userId: string;
  title: string | null;
  createdAt: string;
}

const NEXT = statement<object, { id: number }>(`
  SELECT messageId AS id FROM SearchQueue ORDER BY messageId DESC LIMIT 1`);
const WAITING = statement<Pick<Portion, "messages">, Waiting>(`
  SELECT Message.id, role, Message.model, state, substr(body, 1, ${SEARCHED_CHARACTERS}) AS body,
    Message.createdAt, userId, iif(Message.id =
      (SELECT min(id) FROM Message AS first WHERE first.conversationId = Conversation.id), title, NULL) AS title
  FROM SearchQueue JOIN Message ON Message.id = messageId
    JOIN Conversation ON Conversation.id = conversationId
  ORDER BY messageId DESC LIMIT @messages`);
const INDEX = statement<{ id: number; createdAt: string; words: string }>(`
  INSERT OR REPLACE INTO Search (rowid, words)
  VALUES (@id | (coalesce(unixepoch(@createdAt), 0) << 31), @words)`);
const DONE = statement<{ id: number }>(`DELETE FROM SearchQueue WHERE messageId = @id`);

let isIndexing = false;

/** Makes messages searchable that wait for it, the newest first; there may be more. What room is left is for answers. */
export async function indexWaiting() {
  if (isIndexing) return;

  isIndexing = true;
  try {
    for (let slice = 0; slice < SLICES && currentObstacle() === null; slice += 1) {
      if (!(await indexSome(AT_ONCE))) return;
    }
  } finally {
    isIndexing = false;
  }
}

/** The same until none waits, for a database that nobody is using. */
export async function indexEverything() {
  while (await indexSome({ messages: 5000, characters: Number.POSITIVE_INFINITY }));
}

async function indexSome(portion: Portion): Promise<boolean> {
  const waits = (await read(() => NEXT.get({}))) !== undefined;
  if (waits) await write(() => index(portion));
  return waits;
}

function index({ messages, characters }: Portion) {
  let done = 0;

  for (const { id, state, createdAt, ...message } of WAITING.all({ messages })) {
    if (state !== "running") INDEX.run({ id, createdAt, words: indexText(message) });
    DONE.run({ id });
    done += message.body.length;
    if (done > characters) return;
  }
}
