import { Conflict, NotFound } from "../errors.js";
import { firstWords } from "../lib/text.js";
import { t } from "../lib/texts.js";
import { digest, randomToken } from "../lib/tokens.js";
import { isGone, isTaken } from "../stores/failures.js";
import type { Message as Row } from "../stores/prisma/client.js";
import { read, statement, storedDate, write } from "../stores/statements.js";
import * as drafts from "./drafts.js";
import { attach, filesOf, type ReadyFile, type ShownFile } from "./files.js";
import { insertAnswer, touch } from "./generations.js";
import { type Asking, type Miss, missOf } from "./messages/prefix.js";
import {
  type ModelChoice,
  NO_PARAMETERS,
  PARAMETER_COLUMNS,
  PARAMETER_VALUES,
  type Parameters,
  type Writer,
} from "./parameters.js";
import { costOf, type Money, type Rates } from "./prices/money.js";
import { isPeak, joinPrice, QUARTER_MS, RATES } from "./prices.js";
import { USABLE } from "./sharing.js";

const TITLE_CHARACTERS = 60;
const STILL_ANSWERING = t(
  "The last answer is still being written. Wait for it or stop it, then send this.",
);

const SENT = statement<{ sendDigest: string }, { conversationId: string; answerId: number }>(`
  SELECT conversationId, (SELECT id FROM Message WHERE parentId = question.id) AS answerId
  FROM Message AS question JOIN Conversation ON Conversation.id = conversationId
  WHERE sendDigest = @sendDigest AND trashedAt IS NULL`);
// A form may be sent again once what it began is in the trash.
const FORGET_TRASHED = statement<{ sendDigest: string | null }>(`
  UPDATE Message SET sendDigest = NULL WHERE sendDigest = @sendDigest
    AND EXISTS (SELECT 1 FROM Conversation WHERE id = conversationId AND trashedAt IS NOT NULL)`);

const PARENT = statement<
  { userId: string; conversationId: string; parentId: number | null },
  { id: number }
>(`
  SELECT Message.id FROM Message JOIN Conversation ON Conversation.id = conversationId
  WHERE conversationId = @conversationId AND userId = @userId AND trashedAt IS NULL AND role = 'answer'
    AND (@parentId IS NULL OR Message.id = @parentId)
  ORDER BY Message.id DESC LIMIT 1`);

const PLACE_OF_QUESTION = statement<{ userId: string; id: number }, NewPlace>(`
  SELECT conversationId, parentId FROM Message JOIN Conversation ON Conversation.id = conversationId
  WHERE Message.id = @id AND userId = @userId AND trashedAt IS NULL AND role = 'question'`);

// A folder that is gone, or nobody of theirs', holds nothing: what was asked is not refused for it.
const INSERT_CONVERSATION = statement<
  Parameters & {
    id: string;
    userId: string;
    title: string;
    folderId: number | null;
    presetId: string | null;
    now: string;
  }
>(`
  INSERT INTO Conversation (id, userId, title, folderId, presetId, createdAt, updatedAt, ${PARAMETER_COLUMNS})
  VALUES (@id, @userId, @title,
    (SELECT id FROM Folder WHERE id = @folderId AND userId = @userId),
    (SELECT id FROM Preset WHERE id = @presetId AND ${USABLE}),
    @now, @now, ${PARAMETER_VALUES})`);

const INSERT_QUESTION = statement<{
  conversationId: string;
  parentId: number | null;
  body: string;
  sendDigest: string | null;
  now: string;
}>(`
  INSERT INTO Message (conversationId, parentId, role, body, sendDigest, createdAt)
  VALUES (@conversationId, @parentId, 'question', @body, @sendDigest, @now)`);

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

/** A question as it was typed; `key` is the form's, and null where the form had none. */
export interface Draft {
  text: string;
  conversationId: string | null;
  parentId: number | null;
  key: string | null;
  /** Which version of what was typed has been sent. */
  version?: string | null;
  /** The folder for a new conversation. */
  folderId?: number | null;
  /** The question that this is another version of: its place is the new one's, too. */
  versionOf?: number;
  files?: ReadyFile[];
  /** What a new conversation is asked with. */
  parameters?: Parameters;
  /** The preset that it begins with; what that says is in the parameters. */
  presetId?: string | null;
  /** The model of this answer alone, where it is another than its conversation's. */
  writer?: ModelChoice | null;
}

export interface Asked {
  conversationId: string;
  answerId: number;
  /** The same form with the same text was sent before: nothing new was stored. */
  repeated: boolean;
}

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

/** Stores a question and, with it, its answer's row as running: both are there or neither is. */
export async function ask(userId: string, draft: Draft, writer: Writer): Promise<Asked> {
  try {
    return await store(userId, { ...draft, sendDigest: sendDigest(userId, draft) }, writer);
  } catch (error) {
    if (isGone(error)) throw new NotFound();
    if (!isTaken(error)) throw error;
  }

  const twin = await findSent(userId, draft);
  if (twin) return twin;
  throw new Conflict(STILL_ANSWERING);
}

/** The question that the same form with the same text has stored before, or null. */
export async function findSent(userId: string, draft: Draft): Promise<Asked | null> {
  const digest = sendDigest(userId, draft);
  const sent = digest && (await read(() => SENT.get({ sendDigest: digest })));
  return sent ? { ...sent, repeated: true } : null;
}

// A form that is sent twice without a script brings its files twice: they are the same by what they hold.
function sendDigest(userId: string, { key, text, files = [] }: Draft): string | null {
  return key ? digest(userId, key, text, ...files.map(({ digest }) => digest)) : null;
}

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

type KeyedDraft = Draft & { sendDigest: string | null };

function store(userId: string, draft: KeyedDraft, writer: Writer): Promise<Asked> {
  const now = storedDate(new Date());

  return write(() => {
    const place = placeFor(userId, draft, now);
    const { conversationId } = place;
    const { text: body, sendDigest, files = [] } = draft;

    FORGET_TRASHED.run({ sendDigest });
    if (!draft.versionOf) drafts.forgetSent({ userId, ...draft }, body, draft.version ?? null);
    const question = INSERT_QUESTION.run({ ...place, body, sendDigest, now });
    const parentId = Number(question.lastInsertRowid);
    attach(userId, parentId, files);
    const answerId = insertAnswer({ conversationId, parentId, ...writer, now });
    return { conversationId, answerId, repeated: false };
  });
}

interface NewPlace {
  conversationId: string;
  parentId: number | null;
}

function placeFor(userId: string, draft: Draft, now: string): NewPlace {
  if (draft.versionOf) return beside(userId, draft.versionOf, now);
  if (draft.conversationId) return reply(userId, draft.conversationId, draft.parentId, now);
  return begin(userId, draft, now);
}

function beside(userId: string, questionId: number, now: string) {
  const place = PLACE_OF_QUESTION.get({ userId, id: questionId });
  if (!place) throw new NotFound();

  touch(place.conversationId, now);
  return place;
}

// Answers only: a question hangs below the answer that its author was reading, else below the newest.
function reply(userId: string, conversationId: string, answerId: number | null, now: string) {
  const parent = PARENT.get({ userId, conversationId, parentId: answerId });
  if (!parent) throw new NotFound();

  touch(conversationId, now);
  return { conversationId, parentId: parent.id };
}

function begin(userId: string, draft: Draft, now: string) {
  const { text, folderId = null, presetId = null, parameters = NO_PARAMETERS } = draft;
  const conversationId = randomToken();
  const values = { id: conversationId, userId, title: titleOf(text), folderId, presetId, now };
  INSERT_CONVERSATION.run({ ...parameters, ...values });
  return { conversationId, parentId: null };
}

function titleOf(text: string): string {
  return firstWords(text, TITLE_CHARACTERS);
}
