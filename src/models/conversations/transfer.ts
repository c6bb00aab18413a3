// What is read of conversations that leave: everything that is theirs, piece by piece, so that none is held as a whole.
import { NotFound } from "../../errors.js";
import { read, statement } from "../../stores/statements.js";
import { filesOf, type ShownFile } from "../files.js";
import { MANNER } from "../parameters.js";

const AT_ONCE = 20;

interface One {
  userId: string;
  id: string;
}

/** Of a conversation what a file says of it; `readingId` is the message at the end of the branch that is read. */
export interface Leaving {
  id: string;
  title: string;
  titledBy: string;
  createdAt: string;
  updatedAt: string;
  pinnedAt: string | null;
  archivedAt: string | null;
  /** The name of its folder. */
  folder: string | null;
  /** The name of the preset that it began with. */
  preset: string | null;
  /** The name of the chosen model's provider; null: the settings' own. */
  provider: string | null;
  model: string | null;
  thinking: string | null;
  temperature: number | null;
  topP: number | null;
  maxTokens: number | null;
  systemPrompt: string | null;
  readingId: number | null;
  titleModel: string | null;
  titlePromptTokens: number | null;
  titleCachedTokens: number | null;
  titleCompletionTokens: number | null;
  titleReasoningTokens: number | null;
}

/** A message with all that was said, took and cost; `id` is the row's. What is still being written is stopped here. */
export interface LeavingMessage {
  id: number;
  parentId: number | null;
  role: string;
  body: string;
  createdAt: string;
  state: string | null;
  failure: string | null;
  finishReason: string | null;
  provider: string | null;
  model: string | null;
  askedThinking: string | null;
  askedTemperature: number | null;
  askedTopP: number | null;
  askedMaxTokens: number | null;
  presetName: string | null;
  reasoning: string;
  thoughtForMs: number | null;
  firstTokenMs: number | null;
  tookMs: number | null;
  promptTokens: number | null;
  cachedTokens: number | null;
  completionTokens: number | null;
  reasoningTokens: number | null;
  files: ShownFile[];
}

/** A file beside its bytes: what a model is told of it, too. */
export interface LeavingFile extends Omit<ShownFile, "id"> {
  digest: string;
  text: string;
  createdAt: string;
}

type StoredMessage = Omit<LeavingMessage, "files"> & { files: string };

const THEIRS = "userId = @userId AND trashedAt IS NULL";
const PROVIDER = "(SELECT name FROM Provider WHERE Provider.id = providerId)";
const CONVERSATION = `
  id, title, titledBy, createdAt, updatedAt, pinnedAt, archivedAt,
  (SELECT name FROM Folder WHERE Folder.id = folderId) AS folder,
  (SELECT name FROM Preset WHERE Preset.id = presetId) AS preset, ${PROVIDER} AS provider,
  iif(providerId IS NULL OR ${PROVIDER} IS NOT NULL, model, NULL) AS model, ${MANNER}, readingId, titleModel, titlePromptTokens,
  titleCachedTokens, titleCompletionTokens, titleReasoningTokens`;
const MESSAGE = `
  id, parentId, role, body, createdAt, iif(state = 'running', 'stopped', state) AS state, failure, finishReason,
  iif(providerId IS NULL, NULL, coalesce(${PROVIDER}, '')) AS provider, model,
  askedThinking, askedTemperature, askedTopP, askedMaxTokens, presetName, reasoning, thoughtForMs, firstTokenMs, tookMs, promptTokens, cachedTokens, completionTokens, reasoningTokens,
  ${filesOf("Message")}`;

const IDS = statement<{ userId: string }, { id: string }>(`
  SELECT id FROM Conversation WHERE ${THEIRS} ORDER BY createdAt, id`);
const FIND = statement<One, Leaving>(`
  SELECT ${CONVERSATION} FROM Conversation WHERE id = @id AND ${THEIRS}`);
const MESSAGES = statement<{ id: string; after: number }, StoredMessage>(`
  SELECT ${MESSAGE} FROM Message WHERE conversationId = @id AND id > @after ORDER BY id LIMIT ${AT_ONCE}`);
const CHOSEN = statement<{ ids: string }, StoredMessage>(`
  SELECT ${MESSAGE} FROM Message WHERE id IN (SELECT value FROM json_each(@ids)) ORDER BY id`);
const FILE = statement<{ id: string }, LeavingFile>(`
  SELECT name, kind, bytes, digest, pages, words, text, createdAt FROM File WHERE id = @id`);
// The branch that is read: up from its end, which is the newest message unless another was looked at last.
const BRANCH = statement<One, { id: number }>(`
  WITH RECURSIVE path AS (
    SELECT Message.id, parentId FROM Conversation JOIN Message ON Message.id = coalesce(
      (SELECT id FROM Message WHERE id = readingId),
      (SELECT max(id) FROM Message WHERE conversationId = @id))
    WHERE Conversation.id = @id AND ${THEIRS}
    UNION ALL
    SELECT Message.id, Message.parentId FROM path JOIN Message ON Message.id = path.parentId
  )
  SELECT id FROM path ORDER BY id`);

/** The ids of all that somebody has, what was begun first first. */
export async function idsOf(userId: string): Promise<string[]> {
  return (await read(() => IDS.all({ userId }))).map((row) => row.id);
}

export async function find(userId: string, id: string): Promise<Leaving> {
  const row = await read(() => FIND.get({ userId, id }));

  if (row) {
    return row;
  } else {
    throw new NotFound();
  }
}

/** All messages of a conversation, parents before their children; whose it is has been asked before. */
export async function* messagesOf(id: string): AsyncGenerator<LeavingMessage> {
  for (let after = 0; ; ) {
    const rows = await read(() => MESSAGES.all({ id, after }));
    yield* rows.map(withFiles);

    if (rows.length < AT_ONCE) return;
    after = rows.at(-1)?.id ?? after;
  }
}

/** The ids of the messages on the branch that is read, from the first to the last. */
export async function branchOf(userId: string, id: string): Promise<number[]> {
  return (await read(() => BRANCH.all({ userId, id }))).map((row) => row.id);
}

/** These messages, in their order. */
export async function* messagesAmong(ids: number[]): AsyncGenerator<LeavingMessage> {
  for (const some of portions(ids)) {
    yield* (await read(() => CHOSEN.all({ ids: JSON.stringify(some) }))).map(withFiles);
  }
}

/** What stands beside a file's bytes; null where it is gone since its message was read. */
export async function fileOf(id: string): Promise<LeavingFile | null> {
  return (await read(() => FILE.get({ id }))) ?? null;
}

function withFiles({ files, ...row }: StoredMessage): LeavingMessage {
  return { ...row, files: JSON.parse(files) };
}

/** So many ids as are read at once. */
export function* portions(ids: number[]): Generator<number[]> {
  for (let from = 0; from < ids.length; from += AT_ONCE) yield ids.slice(from, from + AT_ONCE);
}
