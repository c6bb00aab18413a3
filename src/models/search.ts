import type { Message } from "../stores/prisma/client.js";
import { read, statement } from "../stores/statements.js";
import { SEARCHED_CHARACTERS } from "./search/indexing.js";
import { type Filters, matchFor, modelTerms, type Wanted, wantedIn } from "./search/terms.js";

/** What is looked for: words, and where; `from` is included, `until` is not. */
export interface Query extends Filters {
  text: string;
  from: Date | null;
  until: Date | null;
  folder: number | null;
}

/** A message that was found, with as much of its text as is searched. */
export interface Hit extends Pick<Message, "id" | "conversationId" | "role" | "model" | "body"> {
  title: string;
  createdAt: Date;
}

export interface Results {
  hits: Hit[];
  wanted: Wanted[];
  /** How many there are in all, up to MOST_RANKED. */
  count: number;
  isCut: boolean;
  number: number;
  hasMore: boolean;
}

/** Of what is found this many are ranked, the newest: a word of every day has tens of thousands, and none is the best. */
export const MOST_RANKED = 1000;
const PER_PAGE = 20;
const MANY_WAIT = 1000;
const MESSAGE_ID = 2 ** 31 - 1;
const FAR = "9223372036854775807";

// The index gives them from the newest on, and stops: so much work at most, however many there are.
const FOUND = statement<
  {
    match: string;
    userId: string;
    from: number | null;
    until: number | null;
    folder: number | null;
  },
  { id: number }
>(`
  WITH found AS MATERIALIZED (
    SELECT Message.id, Search.rowid AS place, bm25(Search) AS score
    FROM Search CROSS JOIN Message ON Message.id = Search.rowid & ${MESSAGE_ID}
      CROSS JOIN Conversation ON Conversation.id = conversationId
    WHERE Search MATCH @match AND userId = @userId AND trashedAt IS NULL
      AND (@folder IS NULL OR folderId = @folder)
      AND Search.rowid >= iif(@from IS NULL, -${FAR}, @from << 31)
      AND Search.rowid < iif(@until IS NULL, ${FAR}, @until << 31)
    ORDER BY Search.rowid DESC LIMIT ${MOST_RANKED}
  )
  SELECT id FROM found ORDER BY score, place DESC`);
const HITS = statement<
  { userId: string; ids: string },
  Omit<Hit, "createdAt"> & { createdAt: string }
>(`
  SELECT Message.id, conversationId, role, Message.model, substr(body, 1, ${SEARCHED_CHARACTERS}) AS body,
    title, Message.createdAt
  FROM json_each(@ids) AS place CROSS JOIN Message ON Message.id = place.value
    JOIN Conversation ON Conversation.id = conversationId
  WHERE userId = @userId AND trashedAt IS NULL ORDER BY place.key`);
const AROUND = statement<{ low: string; high: string }, { models: string; waiting: number }>(`
  SELECT (SELECT json_group_array(term) FROM SearchTerm WHERE term >= @low AND term < @high) AS models,
    (SELECT count(*) FROM (SELECT 1 FROM SearchQueue LIMIT ${MANY_WAIT})) AS waiting`);

/** One page of a person's messages that hold all these words, the best first; null where there is no word. */
export async function find(userId: string, query: Query, number: number): Promise<Results | null> {
  const { wanted, isCut } = wantedIn(query.text);
  if (wanted.length === 0) return null;

  const { folder } = query;
  const [from, until] = [secondsOf(query.from), secondsOf(query.until)];
  const match = matchFor(userId, wanted, query);
  return read(() => {
    const found = FOUND.all({ match, userId, from, until, folder });
    const ids = found.slice((number - 1) * PER_PAGE, number * PER_PAGE).map(({ id }) => id);
    const hits = HITS.all({ userId, ids: JSON.stringify(ids) }).map(dated);
    const hasMore = found.length > number * PER_PAGE;
    return { hits, wanted, isCut, count: found.length, number, hasMore };
  });
}

/** What a search can be narrowed to; `isBehind` while much of an older history is not searchable yet. */
export async function scope(userId: string): Promise<{ models: string[]; isBehind: boolean }> {
  const { low, high, modelOf } = modelTerms(userId);
  const around = await read(() => AROUND.get({ low, high }));
  const models = JSON.parse(around?.models ?? "[]") as string[];
  return { models: models.map(modelOf).sort(), isBehind: around?.waiting === MANY_WAIT };
}

function secondsOf(date: Date | null): number | null {
  return date && Math.floor(date.getTime() / 1000);
}

function dated(row: Omit<Hit, "createdAt"> & { createdAt: string }): Hit {
  return { ...row, createdAt: new Date(row.createdAt) };
}
