import { NotFound } from "../errors.js";
import type { Message as Row } from "../stores/prisma/client.js";
import { read, statement } from "../stores/statements.js";
import { filesOf, type ShownFile } from "./files.js";
import { type Asking, type Miss, missOf } from "./messages/prefix.js";
import { costOf, type Money, type Rates } from "./prices/money.js";
import { isPeak, joinPrice, QUARTER_MS, RATES } from "./prices.js";

// The plus keeps SQLite from looking through the first questions of all conversations.
const SIBLINGS = `
  CASE WHEN shown.parentId IS NULL
    THEN (SELECT json_group_array(id) FROM Message
          WHERE conversationId = shown.conversationId AND +parentId IS NULL)
    ELSE (SELECT json_group_array(id) FROM Message WHERE parentId = shown.parentId)
  END`;
/** What is another as soon as a message would be shown otherwise, unless it is running. */
export const STAMP = `json_array(shown.state, shown.writtenAt, shown.rendererVersion, ${SIBLINGS},
  (SELECT version FROM PriceList))`;
const QUARTER = "(coalesce(unixepoch(shown.createdAt), 0) / 900)";
// An answer's price, and what was asked before it on its branch.
const WITH_COST = `
  ${joinPrice({ model: "shown.model", providerId: "coalesce(shown.providerId, '')", quarter: QUARTER })}
  LEFT JOIN Message AS asked ON asked.id = shown.parentId AND shown.role = 'answer'
  LEFT JOIN Message AS earlier ON earlier.id = asked.parentId`;
const ASKING = [
  ...["providerId", "model", "promptTokens", "cachedTokens", "systemDigest", "oldestDigest"],
];
const EARLIER = `json_object(${ASKING.map((name) => `'${name}', earlier.${name}`).join(", ")},
  'askedAt', unixepoch(earlier.createdAt))`;
// Answers are shown as HTML: their Markdown would double what is read, for nobody to see.
const COLUMNS = `
  shown.id, shown.conversationId, shown.parentId, shown.role, shown.state, shown.failure,
  shown.finishReason, shown.providerId, shown.model, shown.thoughtForMs, shown.firstTokenMs, shown.tookMs,
  shown.askedThinking, shown.askedTemperature, shown.askedTopP, shown.askedMaxTokens, shown.presetName,
  shown.promptTokens, shown.cachedTokens, shown.completionTokens, shown.reasoningTokens,
  shown.html, shown.reasoningHtml, shown.rendererVersion, octet_length(shown.body) AS bytes,
  CASE shown.role WHEN 'question' THEN shown.body ELSE '' END AS question,
  shown.copiedFromId IS NOT NULL AS isCopy, shown.systemDigest, shown.oldestDigest,
  unixepoch(shown.createdAt) AS askedAt, iif(earlier.id IS NULL, NULL, ${EARLIER}) AS earlier,
  ${RATES}, ${isPeak(QUARTER)} AS isPeak, price.validFrom, price.peakWeek <> '' AS hasPeaks,
  ${SIBLINGS} AS siblings, ${filesOf("shown")}, ${STAMP} AS stamp`;
const SOURCES = statement<{ userId: string; id: number }, Sources>(`
  SELECT body, reasoning FROM Message JOIN Conversation ON Conversation.id = conversationId
  WHERE Message.id = @id AND userId = @userId AND trashedAt IS NULL`);
const ONE = statement<{ userId: string; id: number }, StoredMessage & { title: string }>(`
  SELECT ${COLUMNS}, title
  FROM Message AS shown JOIN Conversation ON Conversation.id = shown.conversationId ${WITH_COST}
  WHERE shown.id = @id AND userId = @userId AND trashedAt IS NULL`);
const MANY = statement<{ ids: string }, StoredMessage>(`
  SELECT ${COLUMNS} FROM json_each(@ids) CROSS JOIN Message AS shown ON shown.id = value ${WITH_COST}`);

/** A message as far as it is shown: how long its text is, and that itself only of a question. */
export type Message = Omit<Row, keyof Sources | NeverShown> & { bytes: number; question: string };

type NeverShown =
  | "createdAt"
  | "copiedFromId"
  | "sendDigest"
  | "runningIn"
  | "writtenAt"
  | "restarts"
  | "systemDigest"
  | "oldestDigest";

/** The text of a message and of its reasoning, as Markdown. */
interface Sources {
  body: string;
  reasoning: string;
}

/** A message in its place, and which version of it. */
export interface Place {
  id: number;
  stamp: string;
}

/** What an answer has cost, by which price; null where none is known. */
interface Cost extends Money {
  validFrom: Date;
  /** Null where the price knows no peak times. */
  isPeak: boolean | null;
}

/** A message with all that were given at the same place, in their order, and what it has cost. */
export type Shown = Message &
  Place &
  Pick<Asking, "askedAt"> & {
    siblings: number[];
    files: ShownFile[];
    cost: Cost | null;
    miss: Miss | null;
    isCopy: number;
  };

type StoredMessage = Message &
  Place &
  Rates &
  Asking & {
    siblings: string;
    files: string;
    isCopy: number;
    earlier: string | null;
    validFrom: number | null;
    hasPeaks: number | null;
  };

export async function find(userId: string, id: number): Promise<Shown & { title: string }> {
  const row = await read(() => ONE.get({ userId, id }));

  if (row) {
    return shown(row);
  } else {
    throw new NotFound();
  }
}

/** Those of these messages that are there; whose they are has been asked before. */
export async function findMany(ids: number[]): Promise<Shown[]> {
  return read(() => MANY.all({ ids: JSON.stringify(ids) }).map((row) => shown(row)));
}

/** A message as it was typed or as the model wrote it. */
export async function sources(userId: string, id: number): Promise<Sources> {
  const row = await read(() => SOURCES.get({ userId, id }));

  if (row) {
    return row;
  } else {
    throw new NotFound();
  }
}

// In place: a copy of a row this wide costs as much as reading it did.
function shown<T extends StoredMessage>(row: T): Omit<T, "siblings" | "files"> & Shown {
  return Object.assign(row, {
    siblings: JSON.parse(row.siblings) as number[],
    files: row.files === "[]" ? [] : (JSON.parse(row.files) as ShownFile[]),
    cost: pricedCost(row),
    miss: missOf(row, JSON.parse(row.earlier ?? "null")),
  });
}

function pricedCost(row: StoredMessage): Cost | null {
  const cost = costOf(row, row);
  if (!cost) return null;

  const validFrom = new Date((row.validFrom ?? 0) * QUARTER_MS);
  return { ...cost, validFrom, isPeak: row.hasPeaks === 1 ? row.isPeak === 1 : null };
}
