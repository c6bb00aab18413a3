// Conversations that come from a file: until all of one is there, nobody sees any of it.
import { NotFound } from "../../errors.js";
import { randomToken } from "../../lib/tokens.js";
import { statement, storedDate, write } from "../../stores/statements.js";
import { attach } from "../files.js";
import { MOST } from "../folders.js";
import * as items from "../imports/items.js";
import { MANNER } from "../parameters.js";
import { USABLE } from "../sharing.js";
import { LONG_AGO } from "./trash.js";

/** What stands above the messages; times are in milliseconds. */
export interface ArrivingConversation {
  title: string;
  titledBy: string;
  createdAt: number;
  updatedAt: number;
  pinnedAt: number | null;
  archivedAt: number | null;
  /** The names of where it lies, of what it began with, and of whose the model is: here it may be gone. */
  folder: string | null;
  preset: string | null;
  provider: string | null;
  model: string | null;
  thinking: string | null;
  temperature: number | null;
  topP: number | null;
  maxTokens: number | null;
  systemPrompt: string | null;
  titleModel: string | null;
  titlePromptTokens: number | null;
  titleCachedTokens: number | null;
  titleCompletionTokens: number | null;
  titleReasoningTokens: number | null;
}

/** A message; its parent is one that came before it, counted from 0. */
export interface ArrivingMessage {
  parent: number | null;
  role: "question" | "answer";
  body: string;
  reasoning: string;
  createdAt: number;
  provider: string | null;
  model: string | null;
  askedThinking: string | null;
  askedTemperature: number | null;
  askedTopP: number | null;
  askedMaxTokens: number | null;
  presetName: string | null;
  state: string;
  failure: string | null;
  finishReason: string | null;
  thoughtForMs: number | null;
  firstTokenMs: number | null;
  tookMs: number | null;
  promptTokens: number | null;
  cachedTokens: number | null;
  completionTokens: number | null;
  reasoningTokens: number | null;
  /** The ids of its files. */
  files: string[];
}

type Stored<T> = { [Key in keyof T]: Key extends `${string}At` ? string | null : T[Key] };

const MAKE_FOLDER = statement<{ userId: string; folder: string }>(`
  INSERT INTO Folder (userId, name) SELECT @userId, @folder
  WHERE (SELECT count(*) FROM Folder WHERE userId = @userId) < ${MOST} ON CONFLICT DO NOTHING`);
const PROVIDER = "(SELECT id FROM Provider WHERE name = @provider AND active)";
// As if deleted long ago: what a crash leaves of it goes with the next purge of the trash.
const INSERT = statement<
  Stored<ArrivingConversation> & { id: string; userId: string; digest: string; now: string }
>(`
  INSERT INTO Conversation (id, userId, folderId, title, titledBy, createdAt, updatedAt, pinnedAt, archivedAt, presetId,
    providerId, model,
    ${MANNER}, titleModel,
    titlePromptTokens, titleCachedTokens, titleCompletionTokens, titleReasoningTokens, importedAt, importDigest, trashedAt)
  VALUES (@id, @userId, (SELECT id FROM Folder WHERE userId = @userId AND name = @folder), @title, @titledBy, @createdAt, @updatedAt, @pinnedAt, @archivedAt,
    (SELECT id FROM Preset WHERE name = @preset AND ${USABLE} ORDER BY userId = @userId DESC LIMIT 1), ${PROVIDER},
    iif(@provider IS NULL OR ${PROVIDER} IS NOT NULL, @model, NULL),
    @thinking, @temperature, @topP, @maxTokens, @systemPrompt, @titleModel,
    @titlePromptTokens, @titleCachedTokens, @titleCompletionTokens, @titleReasoningTokens, @now, @digest, '${LONG_AGO}')`);
// Whoever wrote an answer and is not known here is nobody that can be asked, and not the settings' own.
const WRITER = `iif(@provider IS NULL, NULL, coalesce(${PROVIDER}, 'gone'))`;
// A copy of what another server has paid for: no total counts it.
const INSERT_MESSAGE = statement<
  Stored<Omit<ArrivingMessage, "parent" | "state" | "files">> & {
    conversationId: string;
    parentId: number | null;
    state: string | null;
  }
>(`
  INSERT INTO Message (conversationId, parentId, role, body, createdAt, copiedFromId, state, failure, finishReason, providerId, model,
    askedThinking, askedTemperature, askedTopP, askedMaxTokens, presetName, reasoning, thoughtForMs, firstTokenMs, tookMs, promptTokens, cachedTokens, completionTokens, reasoningTokens)
  VALUES (@conversationId, @parentId, @role, @body, @createdAt, 0, @state, @failure, @finishReason, ${WRITER}, @model,
    @askedThinking, @askedTemperature, @askedTopP, @askedMaxTokens, @presetName, @reasoning, @thoughtForMs, @firstTokenMs, @tookMs, @promptTokens, @cachedTokens, @completionTokens, @reasoningTokens)`);
const SHOW = statement<{ id: string; readingId: number | null }>(`
  UPDATE Conversation SET trashedAt = NULL, readingId = @readingId WHERE id = @id AND trashedAt = '${LONG_AGO}'`);

/** Begins one that is hidden; its id. */
export async function begin(
  userId: string,
  conversation: ArrivingConversation,
  digest: string,
): Promise<string> {
  const id = randomToken();
  const values = { ...withDates(conversation), id, userId, digest, now: storedDate(new Date()) };
  const { folder } = conversation;
  await write(() => {
    if (folder !== null) MAKE_FOLDER.run({ userId, folder });
    INSERT.run(values);
  });
  return id;
}

/** Adds messages behind those whose ids are given; the ids of all. */
export async function add(
  { id: conversationId, userId }: { id: string; userId: string },
  before: readonly number[],
  messages: ArrivingMessage[],
): Promise<number[]> {
  return write(() => {
    const ids = [...before];
    for (const { parent, state, files, ...message } of messages) {
      const parentId = parent === null ? null : (ids[parent] ?? null);
      const ended = message.role === "answer" ? state : null;
      const place = { conversationId, parentId, state: ended };
      const { lastInsertRowid } = INSERT_MESSAGE.run({ ...withDates(message), ...place });
      attach(
        userId,
        Number(lastInsertRowid),
        files.map((id) => ({ id })),
      );
      ids.push(Number(lastInsertRowid));
    }
    return ids;
  });
}

/** Shows it, and notes with the same write that it has come. */
export async function show(id: string, readingId: number | null, item: items.ItemPlace) {
  await write(() => {
    if (SHOW.run({ id, readingId }).changes === 0) throw new NotFound();
    items.noteImported(item, id);
  });
}

function withDates<T extends object>(row: T): Stored<T> {
  const cells = Object.entries(row).map(([name, value]) => [
    name,
    name.endsWith("At") && typeof value === "number" ? storedDate(new Date(value)) : value,
  ]);
  return Object.fromEntries(cells) as Stored<T>;
}
