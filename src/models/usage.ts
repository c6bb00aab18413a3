// What requests have cost in tokens: noted as each ends, priced when it is looked at.
import { setImmediate as nextTurn } from "node:timers/promises";
import { read, statement } from "../stores/statements.js";
import type { Writer } from "./parameters.js";
import { costOf, type Money, type Rates, sum } from "./prices/money.js";
import { isPeak, joinPrice, QUARTER_MS, quarterOf, RATES } from "./prices.js";

/** What the provider has counted of one request, null where it told nothing. */
export interface Counts {
  promptTokens: number | null;
  cachedTokens: number | null;
  completionTokens: number | null;
  reasoningTokens: number | null;
}

/** What several requests came to. */
export interface Totals extends Counts {
  requests: number;
  /** Those of them of which no tokens are known. */
  untold: number;
  promptTokens: number;
  completionTokens: number;
  /** One amount for each currency; none where nothing has a price. */
  money: Money[];
  /** Tokens that no price is known of. */
  unpriced: number;
}

/** Requests that have a price in common. */
export type Spent = Omit<Totals, "money" | "unpriced"> & Rates;

/** Requests of one kind, in one quarter of an hour and one conversation. */
export interface Entry extends Spent {
  quarter: number;
  conversationId: string;
  model: string;
  purpose: "answer" | "title";
}

export interface PersonalEntry extends Spent {
  /** Empty: the settings' own. */
  providerId: string;
  userId: string;
  username: string;
  model: string;
}

interface Range {
  from: number;
  until: number;
}

const PER_PAGE = 50;
const PEOPLE_AT_ONCE = 20;

const INSERT = `
  INSERT INTO Usage (userId, quarter, conversationId, providerId, model, purpose, requests, untold,
    promptTokens, cachedTokens, completionTokens, reasoningTokens)`;
const COUNTS = `
  1, @promptTokens IS NULL, coalesce(@promptTokens, 0), @cachedTokens, coalesce(@completionTokens, 0), @reasoningTokens`;
const ADD = `
  ON CONFLICT DO UPDATE SET requests = requests + 1, untold = untold + excluded.untold,
    promptTokens = promptTokens + excluded.promptTokens,
    cachedTokens = coalesce(cachedTokens + excluded.cachedTokens, excluded.cachedTokens, cachedTokens),
    completionTokens = completionTokens + excluded.completionTokens,
    reasoningTokens =
      coalesce(reasoningTokens + excluded.reasoningTokens, excluded.reasoningTokens, reasoningTokens)`;
const NOTE_ANSWER = statement<Counts & { id: number }>(`
  ${INSERT}
  SELECT userId, coalesce(unixepoch(Message.createdAt), 0) / 900, conversationId, coalesce(Message.providerId, ''),
    coalesce(Message.model, ''), 'answer', ${COUNTS}
  FROM Message JOIN Conversation ON Conversation.id = conversationId WHERE Message.id = @id
  ${ADD}`);
const NOTE_TITLE = statement<Counts & { id: string; providerId: string; model: string }>(`
  ${INSERT}
  SELECT userId, unixepoch() / 900, id, @providerId, @model, 'title', ${COUNTS} FROM Conversation WHERE id = @id
  ${ADD}`);

const PRICED = joinPrice({
  model: "spent.model",
  providerId: "spent.providerId",
  quarter: "spent.quarter",
});
const PEAK = isPeak("spent.quarter");
const SUMS = `
  sum(requests) AS requests, sum(untold) AS untold, sum(promptTokens) AS promptTokens,
  sum(cachedTokens) AS cachedTokens, sum(completionTokens) AS completionTokens,
  sum(reasoningTokens) AS reasoningTokens, ${RATES}, ${PEAK} AS isPeak`;

const IN_CONVERSATION = `
  SELECT 0 AS quarter, conversationId, spent.model, purpose, ${SUMS}
  FROM Usage AS spent INDEXED BY Usage_conversationId_idx ${PRICED}
  WHERE conversationId = @conversationId AND userId = @userId
  GROUP BY spent.model, purpose, price.id, isPeak`;
const SUMMED = [
  ...["requests", "untold", "promptTokens", "cachedTokens", "completionTokens", "reasoningTokens"],
  ...["currency", "cachedRate", "promptRate", "completionRate"],
  ...["peakCachedRate", "peakPromptRate", "peakCompletionRate", "isPeak"],
];
/** SQL: what @conversationId of @userId came to, for `spentIn`. */
export const SPENT_IN_CONVERSATION = `(
  SELECT json_group_array(json_object(${SUMMED.map((name) => `'${name}', ${name}`).join(", ")}))
  FROM (${IN_CONVERSATION}))`;
const OF_CONVERSATION = statement<{ userId: string; conversationId: string }, Entry>(
  IN_CONVERSATION,
);
const OF_PERSON = statement<{ userId: string } & Range, Entry>(`
  SELECT quarter, conversationId, spent.model, purpose, requests, untold, promptTokens, cachedTokens,
    completionTokens, reasoningTokens, ${RATES}, ${PEAK} AS isPeak
  FROM Usage AS spent ${PRICED}
  WHERE userId = @userId AND quarter >= @from AND quarter < @until ORDER BY quarter`);
// LIMIT keeps what is summed up apart from the rows: without it SQLite sorts them with all that a price is made of.
const OF_PEOPLE = statement<{ ids: string } & Range, Omit<PersonalEntry, "username">>(`
  SELECT summed.*, ${RATES}
  FROM (
    SELECT userId, providerId, model, priceId, isPeak, sum(requests) AS requests, sum(untold) AS untold,
      sum(promptTokens) AS promptTokens, sum(cachedTokens) AS cachedTokens,
      sum(completionTokens) AS completionTokens, sum(reasoningTokens) AS reasoningTokens
    FROM (
      SELECT userId, spent.providerId, spent.model, price.id AS priceId, ${PEAK} AS isPeak, requests, untold,
        promptTokens, cachedTokens, completionTokens, reasoningTokens
      FROM json_each(@ids) CROSS JOIN Usage AS spent
        ON userId = value AND quarter >= @from AND quarter < @until ${PRICED}
      LIMIT -1)
    GROUP BY userId, providerId, model, priceId, isPeak) AS summed
  LEFT JOIN Price AS price ON price.id = priceId`);
const PEOPLE = statement<object, { userId: string; username: string }>(`
  SELECT id AS userId, username FROM User ORDER BY username`);
const ANSWERS = statement<
  { userId: string; conversationId: string; offset: number },
  { id: number }
>(`
  SELECT Message.id FROM Message JOIN Conversation ON Conversation.id = conversationId
  WHERE conversationId = @conversationId AND userId = @userId AND trashedAt IS NULL
    AND role = 'answer' AND state <> 'running' AND copiedFromId IS NULL
  ORDER BY Message.id DESC LIMIT ${PER_PAGE + 1} OFFSET @offset`);
const TITLES = statement<{ userId: string; ids: string }, { id: string; title: string }>(`
  SELECT id, title FROM Conversation
  WHERE id IN (SELECT value FROM json_each(@ids)) AND userId = @userId AND trashedAt IS NULL`);

/** Counts a request for an answer; part of a write. */
export function noteAnswer(id: number, counts: Counts) {
  NOTE_ANSWER.run({ id, ...counts });
}

/** Counts a request for a title; part of a write. */
export function noteTitle(id: string, { providerId, model }: Writer, counts: Counts) {
  NOTE_TITLE.run({ id, providerId: providerId ?? "", model, ...counts });
}

/** What a conversation came to, by model and purpose; nothing where it is somebody else's. */
export async function ofConversation(userId: string, conversationId: string): Promise<Entry[]> {
  return read(() => OF_CONVERSATION.all({ userId, conversationId }));
}

/** The answers that were given in a conversation, the newest first: copies were given elsewhere. */
export async function answersOf(userId: string, conversationId: string, number: number) {
  const offset = (number - 1) * PER_PAGE;
  const rows = await read(() => ANSWERS.all({ userId, conversationId, offset }));
  const items = rows.slice(0, PER_PAGE).map(({ id }) => id);
  return { items, number, hasOlder: rows.length > PER_PAGE };
}

/** What a person has used, in the order of time. */
export async function ofPerson(userId: string, from: Date, until: Date): Promise<Entry[]> {
  return read(() => OF_PERSON.all({ userId, from: quarterOf(from), until: quarterOf(until) }));
}

/** What each person has used, in the order of their names: others' answers go on meanwhile. */
export async function* byPerson(from: Date, until: Date) {
  for (const { userId, username } of await read(() => PEOPLE.all({}))) {
    yield { username, entries: await ofPerson(userId, from, until) };
    await nextTurn();
  }
}

/** What everybody has used, some people at a time: others' answers go on meanwhile. */
export async function ofAll(from: Date, until: Date): Promise<PersonalEntry[]> {
  const people = await read(() => PEOPLE.all({}));
  const names = new Map(people.map(({ userId, username }) => [userId, username]));
  const range = { from: quarterOf(from), until: quarterOf(until) };
  const found: PersonalEntry[] = [];

  for (let start = 0; start < people.length; start += PEOPLE_AT_ONCE) {
    const ids = people.slice(start, start + PEOPLE_AT_ONCE).map(({ userId }) => userId);
    const rows = await read(() => OF_PEOPLE.all({ ids: JSON.stringify(ids), ...range }));
    for (const row of rows) found.push({ ...row, username: names.get(row.userId) ?? "" });
    await nextTurn();
  }
  return found;
}

/** The same from so many milliseconds ago until now. */
export async function ofAllLately(ms: number): Promise<PersonalEntry[]> {
  const now = Date.now();
  return ofAll(new Date(now - ms), new Date(now + QUARTER_MS));
}

/** The titles of the conversations in which something was used, as far as they are there. */
export async function titlesOf(
  userId: string,
  entries: readonly Entry[],
): Promise<Map<string, string>> {
  const ids = new Set(entries.map(({ conversationId }) => conversationId));
  const rows = await read(() => TITLES.all({ userId, ids: JSON.stringify([...ids]) }));
  return new Map(rows.map(({ id, title }) => [id, title]));
}

export function spentIn(json: string): Totals {
  return total(JSON.parse(json));
}

/** In milliseconds since 1970. */
export function momentOf({ quarter }: Entry): number {
  return quarter * QUARTER_MS;
}

export function total(entries: readonly Spent[]): Totals {
  const totals = { ...NOTHING, money: sum(entries.flatMap((entry) => costOf(entry, entry) ?? [])) };

  for (const entry of entries) {
    totals.requests += entry.requests;
    totals.untold += entry.untold;
    totals.promptTokens += entry.promptTokens;
    totals.completionTokens += entry.completionTokens;
    totals.cachedTokens = added(totals.cachedTokens, entry.cachedTokens);
    totals.reasoningTokens = added(totals.reasoningTokens, entry.reasoningTokens);
    if (entry.currency === null) totals.unpriced += entry.promptTokens + entry.completionTokens;
  }
  return totals;
}

const NOTHING: Totals = {
  requests: 0,
  untold: 0,
  promptTokens: 0,
  cachedTokens: null,
  completionTokens: 0,
  reasoningTokens: null,
  money: [],
  unpriced: 0,
};

// What nobody told is not nothing, but what one has told is known.
function added(before: number | null, more: number | null): number | null {
  return before === null || more === null ? (before ?? more) : before + more;
}

/** The totals of entries that have something in common. */
export function totalsBy<T extends Spent, Key>(
  entries: readonly T[],
  keyOf: (entry: T) => Key,
): Map<Key, Totals> {
  return new Map([...groupsOf(entries, keyOf)].map(([key, group]) => [key, total(group)]));
}

/** What has something in common, in the order in which it first comes. */
export function groupsOf<T, Key>(entries: readonly T[], keyOf: (entry: T) => Key): Map<Key, T[]> {
  const groups = new Map<Key, T[]>();
  for (const entry of entries) {
    const key = keyOf(entry);
    const group = groups.get(key);
    if (group) group.push(entry);
    else groups.set(key, [entry]);
  }
  return groups;
}
