// What a conversation of another program comes to before it is ours, and how that is made of its messages.
import type { ArrivingConversation, ArrivingMessage } from "../../models/conversations/arrivals.js";
import type { ArrivingFile } from "../../models/files/uploads.js";

/** A message as a format found it. What has no role is not taken in; what follows it follows what is before it. */
export interface Found {
  key: string;
  parent: string | null;
  role: "question" | "answer" | null;
  body: string;
  /** The places of its files among those of the conversation. */
  files?: number[];
  reasoning?: string;
  createdAt: number | null;
  provider?: string | null;
  model?: string | null;
  ended?: Partial<Ended>;
}

/** How an answer ended, and what it took, as far as a file knows. */
export type Ended = Omit<
  ArrivingMessage,
  "parent" | "role" | "body" | "reasoning" | "createdAt" | "provider" | "model" | "files"
>;

/** Of an answer that failed elsewhere, no more is known. */
export const FAILED: Partial<Ended> = { state: "failed", failure: "upstream_error" };

/** What of a conversation is not taken in, counted. */
export type LeftOut = Partial<
  Record<"hidden" | "pictures" | "files" | "damaged" | "steps", number>
>;

export type TitleCost = Pick<
  ArrivingConversation,
  | "titleModel"
  | "titlePromptTokens"
  | "titleCachedTokens"
  | "titleCompletionTokens"
  | "titleReasoningTokens"
>;

/** What its questions were asked with, where somebody chose. */
export type Settings = Pick<
  ArrivingConversation,
  | "preset"
  | "provider"
  | "model"
  | "thinking"
  | "temperature"
  | "topP"
  | "maxTokens"
  | "systemPrompt"
>;

/** A conversation as a format found it; `reading` is the key of the message that was looked at last. */
export interface Conversation {
  sourceId: string;
  title: string;
  titledBy?: string;
  titleCost?: TitleCost;
  settings?: Settings;
  createdAt: number | null;
  updatedAt: number | null;
  pinnedAt: number | null;
  archivedAt: number | null;
  folder?: string | null;
  found: Found[];
  reading: string | null;
  leftOut: LeftOut;
}

/** A file as our own JSON tells of it; its bytes stand there in base64, or lie beside it. */
export interface FoundFile extends Omit<ArrivingFile, "digest" | "bytes"> {
  sha256: string;
  content: string | null;
  path: string | null;
}

/** A file that is to be taken in: its bytes stand behind `offset` in what was made of the file that came. */
export interface StagedFile extends ArrivingFile {
  offset: number;
}

export interface Message extends Omit<ArrivingMessage, "files"> {
  /** The places of its files among those of the conversation. */
  files: number[];
}

export interface Arrival
  extends Omit<Conversation, "found" | "reading" | "titleCost" | "titledBy" | "settings">,
    Settings,
    TitleCost {
  folder: string | null;
  titledBy: string;
  createdAt: number;
  updatedAt: number;
  messages: Message[];
  /** The place of the message at the end of the branch that is read; null: the last. */
  reading: number | null;
}

/** Why one conversation is not taken in; its words: helpers/import-problems.ts. */
export type Obstacle =
  | "unknown_program"
  | "newer"
  | "not_ours"
  | "no_messages"
  | "too_many_messages"
  | "same_ids"
  | "empty_library"
  | "circle"
  | "long_message";

export class Unfit extends Error {
  /** `detail` is what of a conversation, or how much of it, its words name. */
  constructor(obstacle: Obstacle, detail?: string | number) {
    super(detail === undefined ? obstacle : `${obstacle}: ${detail}`);
  }
}
