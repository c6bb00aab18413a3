// A question on its way in: with it the row of its answer, and where it begins one, its conversation.
import { Conflict, NotFound } from "../../errors.js";
import { firstWords } from "../../lib/text.js";
import { t } from "../../lib/texts.js";
import { digest, randomToken } from "../../lib/tokens.js";
import { isGone, isTaken } from "../../stores/failures.js";
import { read, statement, storedDate, write } from "../../stores/statements.js";
import * as drafts from "../drafts.js";
import { attach, type ReadyFile } from "../files.js";
import { insertAnswer, touch } from "../generations.js";
import {
  type ModelChoice,
  NO_PARAMETERS,
  PARAMETER_COLUMNS,
  PARAMETER_VALUES,
  type Parameters,
  type Writer,
} from "../parameters.js";
import { USABLE } from "../sharing.js";

const TITLE_CHARACTERS = 60;
export const STILL_ANSWERING = t(
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
