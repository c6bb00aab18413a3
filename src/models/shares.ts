// Messages that somebody has chosen, as they were then, for whoever has the link; the link itself is in no row.

import { Conflict, NotFound } from "../errors.js";
import { t } from "../lib/texts.js";
import { digest, randomToken } from "../lib/tokens.js";
import { read, statement, storedDate, write } from "../stores/statements.js";
import { filesOf } from "./files.js";
import * as passwords from "./passwords.js";
import {
  COLUMNS,
  LIVE,
  type ShareRow,
  type Stand,
  standOf,
  VERSION_ELSEWHERE,
} from "./shares/stand.js";

const DAY_MS = 86_400_000;
const PER_PAGE = 30;
const CHANGED = t(
  "One of these messages is gone, or is being written at this moment. Choose again, please.",
);

/** What is to be seen. */
export interface Choice {
  messages: number[];
  showsReasoning: boolean;
  showsFiles: boolean;
}

/** Under which conditions it may be. */
export interface Conditions {
  title: string;
  showsName: boolean;
  days: number | null;
  password: string | null;
  viewLimit: number | null;
}

export interface Share extends Stand {
  conversationId: string | null;
  /** The messages that it shows copies of. */
  messages: number[];
  createdAt: Date;
  openedAt: Date | null;
}

interface One {
  userId: string;
  id: string;
}

interface OwnedRow extends ShareRow {
  conversationId: string | null;
  messages: string;
  createdAt: string;
  openedAt: string | null;
}

const OWNED = `
  ${COLUMNS}, conversationId, Share.createdAt, openedAt,
  (SELECT json_group_array(messageId) FROM SharedMessage WHERE shareId = Share.id) AS messages
  FROM Share JOIN User ON User.id = userId`;

const INSERT = statement<Record<string, string | number | null>>(`
  INSERT INTO Share (id, tokenDigest, userId, conversationId, title, showsName, showsReasoning, showsFiles, passwordDigest,
    expiresAt, viewLimit, createdAt, takenAt)
  SELECT @id, @tokenDigest, userId, id, @title, @showsName, @showsReasoning, @showsFiles, @passwordDigest,
    @expiresAt, @viewLimit, @now, @now
  FROM Conversation WHERE id = @conversationId AND userId = @userId AND trashedAt IS NULL`);
const TAKE = statement<{ id: string; messages: string }>(`
  INSERT INTO SharedMessage (shareId, place, messageId, role, body, cut, reasoning, thoughtForMs,
    html, reasoningHtml, rendererVersion, files)
  SELECT Share.id, row_number() OVER (ORDER BY Message.id), Message.id, role, body,
    coalesce(state <> 'complete' OR finishReason = 'length', 0), iif(showsReasoning, reasoning, ''),
    iif(showsReasoning, thoughtForMs, NULL), html, iif(showsReasoning, reasoningHtml, NULL), ${VERSION_ELSEWHERE},
    ${filesOf("Message")}
  FROM Share JOIN json_each(@messages) CROSS JOIN Message ON Message.id = value
  WHERE Share.id = @id AND Message.conversationId = Share.conversationId
    AND octet_length(body) > 0 AND state IS NOT 'running'`);
const EMPTY = statement<{ id: string }>("DELETE FROM SharedMessage WHERE shareId = @id");
const RENEW = statement<One & { showsReasoning: number; showsFiles: number; now: string }>(`
  UPDATE Share SET showsReasoning = @showsReasoning, showsFiles = @showsFiles, takenAt = @now
  WHERE id = @id AND userId = @userId AND ${LIVE}`);
const RELINK = statement<One & { tokenDigest: string; now: string }>(`
  UPDATE Share SET tokenDigest = @tokenDigest WHERE id = @id AND userId = @userId AND ${LIVE}`);
const ONE = statement<One & { now: string }, OwnedRow>(`
  SELECT ${OWNED} WHERE Share.id = @id AND userId = @userId`);
const LIST = statement<{ userId: string; offset: number; now: string }, OwnedRow>(`
  SELECT ${OWNED} WHERE userId = @userId
  ORDER BY Share.createdAt DESC, Share.id DESC LIMIT ${PER_PAGE + 1} OFFSET @offset`);

/** A share, and the token of its link, which cannot be had again. */
export async function create(
  userId: string,
  conversationId: string,
  { messages, password, days, ...seen }: Choice & Conditions,
): Promise<{ id: string; token: string }> {
  const now = new Date();
  const [id, token] = [randomToken(), randomToken()];
  const passwordDigest = password === null ? null : await passwords.digestOf(password);
  const row = {
    ...{ id, userId, conversationId, passwordDigest, tokenDigest: digest(token) },
    ...{ title: seen.title, viewLimit: seen.viewLimit },
    showsName: Number(seen.showsName),
    showsReasoning: Number(seen.showsReasoning),
    showsFiles: Number(seen.showsFiles),
    expiresAt: days === null ? null : storedDate(new Date(now.getTime() + days * DAY_MS)),
    now: storedDate(now),
  };

  await write(() => {
    if (INSERT.run(row).changes === 0) throw new NotFound();
    take(id, messages);
  });
  return { id, token };
}

/** Lets a link show what is chosen now, in the place of what it has shown. */
export async function renew(
  userId: string,
  id: string,
  { messages, showsReasoning, showsFiles }: Choice,
) {
  const seen = { showsReasoning: Number(showsReasoning), showsFiles: Number(showsFiles) };
  const row = { userId, id, ...seen, now: storedDate(new Date()) };

  await write(() => {
    if (RENEW.run(row).changes === 0) throw new NotFound();
    EMPTY.run({ id });
    take(id, messages);
  });
}

// Whole or not at all: whoever has chosen six messages has not shared five.
function take(id: string, messages: number[]) {
  const { changes } = TAKE.run({ id, messages: JSON.stringify(messages) });
  if (changes !== messages.length) throw new Conflict(CHANGED);
}

/** The token of a new link to the same; the old one leads nowhere from now on. */
export async function relink(userId: string, id: string): Promise<string> {
  const token = randomToken();
  const row = { userId, id, tokenDigest: digest(token), now: storedDate(new Date()) };
  if ((await write(() => RELINK.run(row))).changes === 0) throw new NotFound();
  return token;
}

export async function find(userId: string, id: string): Promise<Share> {
  const row = await read(() => ONE.get({ userId, id, now: storedDate(new Date()) }));

  if (row) {
    return shareOf(row);
  } else {
    throw new NotFound();
  }
}

/** What this person has shared, the newest first, with what has ended lately. */
export async function page(userId: string, number: number) {
  const offset = (number - 1) * PER_PAGE;
  const found = await read(() => LIST.all({ userId, offset, now: storedDate(new Date()) }));
  return {
    items: found.slice(0, PER_PAGE).map(shareOf),
    number,
    hasOlder: found.length > PER_PAGE,
  };
}

function shareOf(row: OwnedRow): Share {
  return {
    ...standOf(row),
    conversationId: row.conversationId,
    messages: JSON.parse(row.messages) as number[],
    createdAt: new Date(row.createdAt),
    openedAt: row.openedAt === null ? null : new Date(row.openedAt),
  };
}
