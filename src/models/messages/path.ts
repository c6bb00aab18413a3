// A conversation is a tree of messages; what is read and told of it is one path, from the first question down.
import { NotFound } from "../../errors.js";
import { read as query, statement } from "../../stores/statements.js";
import { COLUMNS, type Shown, type StoredMessage, shown } from "../messages.js";

const PER_PAGE = 50;
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

const END = `
  id, CASE role WHEN 'answer' THEN id ELSE parentId END AS lastAnswer,
  (SELECT id FROM Message WHERE runningIn = @conversationId) AS running`;
const NEWEST = statement<{ conversationId: string }, PathEnd>(`
  SELECT ${END} FROM Message WHERE conversationId = @conversationId ORDER BY id DESC LIMIT 1`);
const NEWEST_BELOW = statement<{ conversationId: string; through: number }, PathEnd>(`
  WITH RECURSIVE below AS (
    SELECT id FROM Message WHERE id = @through AND conversationId = @conversationId
    UNION ALL SELECT Message.id FROM below JOIN Message ON parentId = below.id
  )
  SELECT ${END} FROM Message WHERE id = (SELECT max(id) FROM below)`);

// From the message upwards, one by one: ids grow with time, so a child's is above its parent's.
const PATH = `
  WITH RECURSIVE path AS (
    SELECT id, parentId FROM Message WHERE id = @id AND conversationId = @conversationId
    UNION ALL
    SELECT Message.id, Message.parentId FROM path JOIN Message ON Message.id = path.parentId
  )`;
const SHOWN = statement<{ conversationId: string; id: number; before: number }, StoredMessage>(`
  ${PATH}
  SELECT ${COLUMNS}
  FROM (SELECT id FROM path WHERE id < @before LIMIT ${PER_PAGE + 1})
  CROSS JOIN Message AS shown USING (id) ORDER BY shown.id`);
// CROSS: the path leads. By itself SQLite would read all messages there are, in the order asked for.
const TOLD = statement<{ conversationId: string; id: number }, { role: string; body: string }>(`
  ${PATH}
  SELECT role, body FROM path CROSS JOIN Message USING (id) WHERE Message.id <> @id ORDER BY Message.id`);

interface PathEnd {
  id: number;
  lastAnswer: number | null;
  running: number | null;
}

interface Reading {
  messages: Shown[];
  /** The id before which there is more to read. */
  earlierThan: number | null;
  /** The last answer of the whole path: what a reply hangs below. */
  lastAnswer: number | null;
  /** The answer that is being written in this conversation, on this path or on another. */
  running: number | null;
}

/** The messages on the path through `through` (or to the newest), the last fifty before `before`. */
export async function read(
  conversationId: string,
  through: number | null,
  before: number | null,
): Promise<Reading> {
  return query(() => {
    const end =
      through === null
        ? NEWEST.get({ conversationId })
        : NEWEST_BELOW.get({ conversationId, through });
    if (!end) throw new NotFound();

    const { id, lastAnswer, running } = end;
    const rows = SHOWN.all({ conversationId, id, before: before ?? NO_LIMIT }).map((row) =>
      shown(row),
    );
    const messages = rows.slice(-PER_PAGE);
    const earlierThan = rows.length > PER_PAGE ? (messages[0]?.id ?? null) : null;
    return { messages, earlierThan, lastAnswer, running };
  });
}

/** Everything from the first question to the one that this answer is for: what a model is told. */
export async function leadingTo(conversationId: string, answerId: number) {
  return query(() => TOLD.all({ conversationId, id: answerId }));
}
