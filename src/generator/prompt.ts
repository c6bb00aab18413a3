import type { ChatMessage } from "../deepseek/types.js";
import { digest } from "../lib/tokens.js";
import type { ToldFile } from "../models/files.js";

/** What a request says besides the conversation, and how long its answer may be. */
interface Terms {
  systemPrompt: string | null;
  maxTokens: number | null;
}

/** A message as far as a model is told of it. */
export interface Told {
  role: string;
  body: string;
  files?: readonly ToldFile[];
}

// DeepSeek's and OpenAI's tokenisers make about 3.7 bytes of English, 3 of code and of Chinese, into a token.
const BYTES_PER_TOKEN = 3;
const TOKENS_AROUND_A_MESSAGE = 4;
const MOST_KEPT_FREE = 32_768;
/** About what a picture is to the models that see: they make it smaller before. */
export const TOKENS_OF_A_PICTURE = 1_500;
const NO_TERMS: Terms = { systemPrompt: null, maxTokens: null };

/**
 * The conversation as a model is told it, within `contextTokens`. What does not fit is left out from
 * the old end in steps of half the room: between two steps every request begins as the one before,
 * so that the upstream's prefix cache keeps working (https://api-docs.deepseek.com/guides/kv_cache).
 */
export function tell(
  history: readonly Told[],
  contextTokens: number,
  terms: Terms = NO_TERMS,
): ChatMessage[] {
  const room = roomIn(contextTokens, terms);
  return [...opening(terms), ...within(alternating(history), room)];
}

/** How many tokens of a conversation a model is told: the rest of its context is the answer's. */
export function roomIn(contextTokens: number, terms: Terms): number {
  const before = inTokens(opening(terms));
  return Math.max(1, Math.floor(contextTokens - keptFree(contextTokens, terms) - before));
}

/** About how many tokens are left for an answer to these messages. */
export function tokensLeft(messages: readonly ChatMessage[], contextTokens: number): number {
  return Math.max(1, Math.floor(contextTokens) - inTokens(messages));
}

function opening({ systemPrompt }: Terms): ChatMessage[] {
  return systemPrompt === null ? [] : [{ role: "system", content: systemPrompt }];
}

// Where a longer answer is wished for it gets its room, but not more than half.
function keptFree(contextTokens: number, { maxTokens }: Terms): number {
  const usual = Math.min(contextTokens / 4, MOST_KEPT_FREE);
  return Math.max(usual, Math.min(maxTokens ?? 0, contextTokens / 2));
}

function within(messages: ChatMessage[], room: number): ChatMessage[] {
  const total = inTokens(messages);

  if (total <= room) {
    return messages;
  } else {
    const sizes = messages.map(sizeOf);
    return messages.slice(firstKept(messages, sizes, stepsOf(room / 2, total - room)));
  }
}

function inTokens(messages: readonly ChatMessage[]): number {
  return messages.reduce((sum, message) => sum + sizeOf(message), 0);
}

function sizeOf({ content, pictures = [] }: ChatMessage): number {
  return estimateTokens(content) + pictures.length * TOKENS_OF_A_PICTURE + TOKENS_AROUND_A_MESSAGE;
}

// A failed answer told nothing: its question and the next become one, since many templates want turns.
function alternating(history: readonly Told[]): ChatMessage[] {
  const messages: ChatMessage[] = [];

  for (const { role, body: text, files = [] } of history) {
    const last = messages.at(-1);
    if (text === "") continue;
    const content = [...files.map(fileBlock), text].join("\n");
    const told = role === "question" && last?.role === "user" ? last : opened(messages, role);
    told.content += told.content === "" ? content : `\n\n${content}`;
    const pictures = files.flatMap(({ picture }) => picture ?? []);
    if (pictures.length > 0) told.pictures = [...(told.pictures ?? []), ...pictures];
  }

  return messages;
}

function opened(messages: ChatMessage[], role: string): ChatMessage {
  const message: ChatMessage = { role: role === "question" ? "user" : "assistant", content: "" };
  messages.push(message);
  return message;
}

// As DeepSeek's own chat does it (https://github.com/deepseek-ai/DeepSeek-R1, "Official Prompts"): made of rows that
// never change, so it is the same in every request.
function fileBlock({ name, text, picture }: ToldFile): string {
  const content = picture ? "(a picture, above)" : text || "(no text could be read)";
  return `[file name]: ${name}\n[file content begin]\n${content}\n[file content end]`;
}

function stepsOf(step: number, excess: number): number {
  return Math.ceil(excess / step) * step;
}

// The first question after enough is left out; never beyond the last one, which is what was asked.
function firstKept(messages: ChatMessage[], sizes: number[], leaveOut: number): number {
  let left = 0;
  let index = 0;

  while (left < leaveOut && index < messages.length - 1) {
    left += sizes[index] ?? 0;
    index += 1;
  }
  while (index < messages.length - 1 && messages[index]?.role !== "user") index += 1;

  return index;
}

/** By what a later request is known to begin as this one did: its system prompt, and the oldest message of it. */
export function beginningOf(messages: readonly ChatMessage[]) {
  const digestOf = (message?: ChatMessage) => (message ? digest(message.content) : null);
  return {
    systemDigest: digestOf(messages.find(({ role }) => role === "system")),
    oldestDigest: digestOf(messages.find(({ role }) => role !== "system")),
  };
}

/** About how many tokens a text is to a model; rather too many than too few. */
export function estimateTokens(text: string): number {
  return tokensIn(Buffer.byteLength(text));
}

/** How many bytes of text that many tokens are at most. */
export function bytesOf(tokens: number): number {
  return tokens * BYTES_PER_TOKEN;
}

/** The same of a text that has so many bytes. */
export function tokensIn(bytes: number): number {
  return Math.ceil(bytes / BYTES_PER_TOKEN);
}
