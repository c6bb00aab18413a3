// A conversation is a tree of messages; what is read and told of it is one path, from the first question down.
import { NotFound } from "../../errors.js";
import { read as query, statement } from "../../stores/statements.js";
import { type Place, STAMP } from "../messages.js";

const PER_PAGE = 50;
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

const END = `
  Message.id, title, CASE role WHEN 'answer' THEN Message.id ELSE parentId END AS lastAnswer,
  (SELECT id FROM Message WHERE runningIn = @conversationId) AS running,
  pinnedAt IS NOT NULL AS pinned, archivedAt IS NOT NULL AS archived, unread
  FROM Message JOIN Conversation ON Conversation.id = conversationId`;
const NEWEST = statement<{ userId: string; conversationId: string }, PathEnd>(`
  SELECT ${END} WHERE conversationId = @conversationId AND userId = @userId AND trashedAt IS NULL
  ORDER BY Message.id DESC LIMIT 1`);
const NEWEST_BELOW = statement<
  { userId: string; conversationId: string; through: number },
  PathEnd
>(`
  WITH RECURSIVE below AS (
    SELECT id FROM Message WHERE id = @through AND conversationId = @conversationId
    UNION ALL SELECT Message.id FROM below JOIN Message ON parentId = below.id
  )
  SELECT ${END} WHERE Message.id = (SELECT max(id) FROM below) AND userId = @userId AND trashedAt IS NULL`);

// From the message upwards, one by one: ids grow with time, so a child's is above its parent's.
const PATH = `
  WITH RECURSIVE path AS (
    SELECT id, parentId FROM Message WHERE id = @id AND conversationId = @conversationId
    UNION ALL
    SELECT Message.id, Message.parentId FROM path JOIN Message ON Message.id = path.parentId
  )`;
const PLACES = statement<{ conversationId: string; id: number; before: number }, Place>(`
  ${PATH}
  SELECT id, ${STAMP} AS stamp
  FROM (SELECT id FROM path WHERE id < @before LIMIT ${PER_PAGE + 1})
  CROSS JOIN Message AS shown USING (id) ORDER BY shown.id`);
// CROSS: the path leads. By itself SQLite would read all messages there are, in the order asked for.
const TOLD = statement<{ conversationId: string; id: number }, { role: string; body: string }>(`
  ${PATH}
  SELECT role, body FROM path CROSS JOIN Message USING (id) WHERE Message.id <> @id ORDER BY Message.id`);

interface PathEnd {
  id: number;
  title: string;
  lastAnswer: number | null;
  running: number | null;
  pinned: number;
  archived: number;
  unread: number;
}

interface Reading {
  conversation: { id: string; title: string; pinned: boolean; archived: boolean; unread: boolean };
  places: Place[];
  /** The id before which there is more to read. */
  earlierThan: number | null;
  /** The last answer of the whole path: what a reply hangs below. */
  lastAnswer: number | null;
  /** The answer that is being written in this conversation, on this path or on another. */
  running: number | null;
}

/** The places on the path through `through` (or to the newest), the last fifty before `before`. */
export async function read(
  userId: string,
  conversationId: string,
  through: number | null,
  before: number | null,
): Promise<Reading> {
  return query(() => {
    const end =
      through === null
        ? NEWEST.get({ userId, conversationId })
        : NEWEST_BELOW.get({ userId, conversationId, through });
    if (!end) throw new NotFound();

    const { id, lastAnswer, running } = end;
    const conversation = {
      id: conversationId,
      title: end.title,
      pinned: end.pinned === 1,
      archived: end.archived === 1,
      unread: end.unread === 1,
    };
    const found = PLACES.all({ conversationId, id, before: before ?? NO_LIMIT });
    const places = found.slice(-PER_PAGE);
    const earlierThan = found.length > PER_PAGE ? (places[0]?.id ?? null) : null;
    return { conversation, places, earlierThan, lastAnswer, running };
  });
}

/** Everything from the first question to the one that this answer is for: what a model is told. */
export async function leadingTo(conversationId: string, answerId: number) {
  return query(() => TOLD.all({ conversationId, id: answerId }));
}
