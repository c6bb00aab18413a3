// Triggers of the database note each message that became final, or whose title has changed, with the very change that
// made it so; here it is read, soon after. What a crash leaves is still noted.
import { takesWrites } from "../../stores/disk.js";
import type { Message } from "../../stores/prisma/client.js";
import { read, statement, write } from "../../stores/statements.js";
import { indexText } from "./terms.js";

/** As much of a message as is searched: nobody waits longer than for some 10 ms while it is read. */
export const SEARCHED_CHARACTERS = 50_000;
const MOST_AT_ONCE = 20;
// Ten thousand messages in half a minute, while everything else goes on.
const SLICES = 20;

interface Waiting extends Pick<Message, "id" | "role" | "model" | "state" | "body"> {
  userId: string;
  title: string | null;
  createdAt: string;
}

const NEXT = statement<object, { id: number }>(`
  SELECT messageId AS id FROM SearchQueue ORDER BY messageId DESC LIMIT 1`);
const WAITING = statement<object, Waiting>(`
  SELECT Message.id, role, model, state, substr(body, 1, ${SEARCHED_CHARACTERS}) AS body,
    Message.createdAt, userId, iif(Message.id =
      (SELECT min(id) FROM Message AS first WHERE first.conversationId = Conversation.id), title, NULL) AS title
  FROM SearchQueue JOIN Message ON Message.id = messageId
    JOIN Conversation ON Conversation.id = conversationId
  ORDER BY messageId DESC LIMIT ${MOST_AT_ONCE}`);
const INDEX = statement<{ id: number; createdAt: string; words: string }>(`
  INSERT OR REPLACE INTO Search (rowid, words)
  VALUES (@id | (coalesce(unixepoch(@createdAt), 0) << 31), @words)`);
const DONE = statement<{ id: number }>(`DELETE FROM SearchQueue WHERE messageId = @id`);

/** Makes messages searchable that wait for it, the newest first; there may be more. */
export async function indexWaiting() {
  for (let slice = 0; slice < SLICES && takesWrites(); slice += 1) {
    if (!(await read(() => NEXT.get({})))) return;
    await write(indexSome);
  }
}

function indexSome() {
  let characters = 0;

  for (const { id, state, createdAt, ...message } of WAITING.all({})) {
    if (state !== "running") INDEX.run({ id, createdAt, words: indexText(message) });
    DONE.run({ id });
    characters += message.body.length;
    if (characters > SEARCHED_CHARACTERS) return;
  }
}
