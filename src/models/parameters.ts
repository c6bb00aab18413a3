// What the questions of a conversation are asked with.
import { NotFound } from "../errors.js";
import { read, statement, write } from "../stores/statements.js";

/** A model and whose it is, where somebody chose: else the settings' own provider, and its default. */
export interface ModelChoice {
  providerId: string | null;
  model: string | null;
}

/** The model that writes an answer. */
export type Writer = ModelChoice & { model: string };

/** How a model is asked, where somebody chose: else a server does as it does by itself. */
export interface Manner {
  thinking: "off" | "low" | "high" | "max" | null;
  temperature: number | null;
  topP: number | null;
  maxTokens: number | null;
  systemPrompt: string | null;
}

export type Parameters = ModelChoice & Manner;

type One = { userId: string; id: string };

const NO_MANNER: Manner = {
  thinking: null,
  temperature: null,
  topP: null,
  maxTokens: null,
  systemPrompt: null,
};
export const NO_PARAMETERS: Parameters = { providerId: null, model: null, ...NO_MANNER };

const NAMES = Object.keys(NO_PARAMETERS);
/** Their columns for a SELECT: messages have a model, too. */
export const MANNER = Object.keys(NO_MANNER).join(", ");
export const PARAMETERS = `Conversation.providerId, Conversation.model, ${MANNER}`;
/** The same for an INSERT: where they go, and the values by their names. */
export const PARAMETER_COLUMNS = NAMES.join(", ");
export const PARAMETER_VALUES = NAMES.map((name) => `@${name}`).join(", ");

const MINE = "userId = @userId AND trashedAt IS NULL";
const OF_CONVERSATION = statement<One, Parameters>(`
  SELECT ${PARAMETERS} FROM Conversation WHERE id = @id AND ${MINE}`);
const OF_MESSAGE = statement<{ userId: string; id: number }, Parameters>(`
  SELECT ${PARAMETERS} FROM Message JOIN Conversation ON Conversation.id = conversationId
  WHERE Message.id = @id AND ${MINE}`);
const UPDATE = statement<One & Parameters>(`
  UPDATE Conversation SET ${NAMES.map((name) => `${name} = @${name}`).join(", ")}
  WHERE id = @id AND ${MINE}`);

export async function find(userId: string, conversationId: string): Promise<Parameters> {
  return found(await read(() => OF_CONVERSATION.get({ userId, id: conversationId })));
}

/** Those of the conversation that a message is in. */
export async function findAround(userId: string, messageId: number): Promise<Parameters> {
  return found(await read(() => OF_MESSAGE.get({ userId, id: messageId })));
}

/** They hold from the next answer on. */
export async function update(userId: string, conversationId: string, parameters: Parameters) {
  const { changes } = await write(() => UPDATE.run({ userId, id: conversationId, ...parameters }));
  if (changes === 0) throw new NotFound();
}

/** Whether what its server keeps of a conversation serves no more: that is of one model, and begins with the system prompt. */
export function beginsAnew(before: Parameters, after: Parameters): boolean {
  return (
    before.providerId !== after.providerId ||
    before.model !== after.model ||
    before.systemPrompt !== after.systemPrompt
  );
}

function found(row: Parameters | undefined): Parameters {
  if (row) {
    return row;
  } else {
    throw new NotFound();
  }
}
