// What a conversation of another program comes to before it is ours, and how that is made of its messages.
import type { ArrivingConversation, ArrivingMessage } from "../../models/conversations/arrivals.js";

/** A message as a format found it. What has no role is not taken in; what follows it follows what is before it. */
export interface Found {
  key: string;
  parent: string | null;
  role: "question" | "answer" | null;
  body: string;
  reasoning?: string;
  createdAt: number | null;
  model?: string | null;
  ended?: Partial<Ended>;
}

/** How an answer ended, and what it took, as far as a file knows. */
export type Ended = Omit<
  ArrivingMessage,
  "parent" | "role" | "body" | "reasoning" | "createdAt" | "model"
>;

/** Of an answer that failed elsewhere, no more is known. */
export const FAILED: Partial<Ended> = { state: "failed", failure: "upstream_error" };

/** What of a conversation is not taken in, counted. */
export type LeftOut = Partial<Record<"hidden" | "pictures" | "files" | "steps", number>>;

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
  "model" | "thinking" | "temperature" | "topP" | "maxTokens" | "systemPrompt"
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

export type Message = ArrivingMessage;

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

/** Why one conversation is not taken in, in words. */
export class Unfit extends Error {}
