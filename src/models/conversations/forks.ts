// A conversation that begins as another one did, up to one of its messages.

import { Conflict, NotFound } from "../../errors.js";
import { t } from "../../lib/texts.js";
import { randomToken } from "../../lib/tokens.js";
import { statement, storedDate, write } from "../../stores/statements.js";
import { attachToCopies } from "../files.js";
import { PARAMETER_COLUMNS, PARAMETERS } from "../parameters.js";

const MARK = " (fork)";
const STILL_WRITTEN = t("This answer is still being written. Wait for it or stop it, then fork.");

/** What a fork begins with: a copy, unless nothing came before, and a question that has not been asked in it. */
export interface Fork {
  conversationId: string | null;
  question: string | null;
  /** The ids of that question's files. */
  files: string[];
}

interface Origin {
  title: string;
  folderId: number | null;
  parentId: number | null;
  state: string | null;
  /** The text of a question; null for an answer. */
  question: string | null;
  files: string;
}

const ORIGIN = statement<{ userId: string; id: number }, Origin>(`
  SELECT title, folderId, parentId, state, CASE role WHEN 'question' THEN body END AS question,
    (SELECT json_group_array(fileId ORDER BY position) FROM Attachment WHERE messageId = Message.id) AS files
  FROM Message JOIN Conversation ON Conversation.id = conversationId
  WHERE Message.id = @id AND userId = @userId AND trashedAt IS NULL`);

const COPY_CONVERSATION = statement<{ id: string; title: string; last: number; now: string }>(`
  INSERT INTO Conversation (
    id, userId, title, folderId, presetId, titledBy, createdAt, updatedAt, ${PARAMETER_COLUMNS})
  SELECT @id, userId, @title, folderId, presetId, 'person', @now, @now, ${PARAMETERS}
  FROM Message JOIN Conversation ON Conversation.id = conversationId WHERE Message.id = @last`);

const COPIED = `
  role, body, createdAt, failure, finishReason, providerId, model, reasoning, writtenAt, thoughtForMs, firstTokenMs, tookMs,
  promptTokens, cachedTokens, completionTokens, reasoningTokens, systemDigest, oldestDigest, html,
  reasoningHtml, rendererVersion, askedThinking, askedTemperature, askedTopP, askedMaxTokens, presetName`;
// The copies of a path are a path again, so their ids are given here: one after the other, above all that there were.
// An answer further up may be gone on with at this moment: what is stored of it is copied, and its copy runs nowhere.
const COPY_PATH = statement<{ id: number; conversationId: string }>(`
  WITH RECURSIVE path AS (
    SELECT id, parentId FROM Message WHERE id = @id
    UNION ALL
    SELECT Message.id, Message.parentId FROM path JOIN Message ON Message.id = path.parentId
  ), placed AS (
    SELECT id, row_number() OVER (ORDER BY id) AS place,
      (SELECT seq FROM sqlite_sequence WHERE name = 'Message') AS highest
    FROM path
  )
  INSERT INTO Message (id, conversationId, parentId, copiedFromId, state, ${COPIED})
  SELECT highest + place, @conversationId, iif(place = 1, NULL, highest + place - 1), Message.id,
    iif(state = 'running', 'stopped', state), ${COPIED}
  FROM placed CROSS JOIN Message USING (id) ORDER BY place`);

/** Copies what led to an answer, with it; or what led to a question, which may then be asked otherwise. */
export async function create(userId: string, messageId: number): Promise<Fork> {
  return write(() => {
    const origin = ORIGIN.get({ userId, id: messageId });
    if (!origin) throw new NotFound();
    if (origin.state === "running") throw new Conflict(STILL_WRITTEN);

    const { title, parentId, question, files } = origin;
    const last = question === null ? messageId : parentId;
    const conversationId = last === null ? null : copy(title, last);
    return { conversationId, question, files: JSON.parse(files) as string[] };
  });
}

function copy(title: string, last: number): string {
  const id = randomToken();
  const marked = title.endsWith(MARK) ? title : title + MARK;
  COPY_CONVERSATION.run({ id, title: marked, last, now: storedDate(new Date()) });
  COPY_PATH.run({ id: last, conversationId: id });
  attachToCopies(id);
  return id;
}
