import type { BreakerRules, Circuit } from "./breaker.js";
import type { UpstreamError } from "./errors.js";

export interface ClientOptions {
  /** With or without `/v1`; a trailing slash or `/chat/completions` is forgiven. */
  baseUrl: string;
  /** Local servers need none. */
  apiKey?: string;
  /** Fields that only DeepSeek knows go only to "deepseek"; `<think>` is split out only for "generic". */
  flavor: "deepseek" | "generic";
  clocks: Clocks;
  caps?: Partial<Caps>;
  retries?: Partial<Retries>;
  /** Without it a server that is down is asked, and waited for, each time anew. */
  breaker?: BreakerRules;
  /** Hears when the server is taken for down, and when it is back. */
  onCircuit?: (circuit: Circuit) => void;
}

export interface Clocks {
  /** TCP and TLS together. */
  connectMs: number;
  /** From sending to the response's headers. */
  headersMs: number;
  /** From the headers to the first text; comments do not count. */
  firstTokenMs: number;
  /** Between two pieces of text; comments do not count. */
  betweenTokensMs: number;
  /** Everything, retries and their waits included. */
  totalMs: number;
}

export interface Caps {
  /** One event, one line, or one body that is not a stream. */
  eventBytes: number;
  /** Reasoning and content together, as UTF-8. */
  answerBytes: number;
}

export interface Retries {
  most: number;
  firstDelayMs: number;
  longestDelayMs: number;
  /** A server that asks for a longer wait than this is not waited for. */
  longestRetryAfterMs: number;
}

export interface DeepSeekClient {
  /**
   * One answer as deltas. Throws the signal's reason when the caller aborts, else an `UpstreamError`;
   * what arrived before the error has been yielded by then.
   */
  stream(request: ChatRequest, options: { signal: AbortSignal }): AsyncGenerator<Delta>;
  /** What of a request's manner the server is told. */
  told(request: ChatRequest): Manner;
  /** What the server offers. Throws like `stream`; never retries. */
  models(options: { signal: AbortSignal }): Promise<Model[]>;
  /** What is left on the account, which DeepSeek alone tells. Throws like `stream`; never retries. */
  balance(options: { signal: AbortSignal }): Promise<Balance>;
  /** Whether the server is taken for down. */
  circuit(): Circuit;
  /** Another client takes its place: what runs goes on to its end, and a server that is down is not looked for. */
  retire(): void;
  /** Ends every connection at once; running streams fail. */
  close(): Promise<void>;
}

export interface ChatRequest extends Partial<Manner> {
  model: string;
  messages: ChatMessage[];
  /** The last message is an unfinished answer to go on with. */
  continuing?: boolean;
  /** A short answer at once, without thinking first and of at most so many tokens: "deepseek" only, elsewhere no field is common. */
  brief?: { maxTokens: number };
}

/** How a model is to answer; null leaves it to its server. Each is told only where it means something. */
export interface Manner {
  thinking: Thinking | null;
  temperature: number | null;
  topP: number | null;
  maxTokens: number | null;
}

/** Whether DeepSeek thinks before it answers, and how hard. */
export type Thinking = "off" | "low" | "high" | "max";

export interface ChatMessage {
  role: "system" | "user" | "assistant";
  content: string;
  /** Pictures that come before the text, as data: URLs; only for a model that sees. */
  pictures?: string[];
  reasoning?: string;
}

export type Delta =
  /** The response's headers are here. */
  | { type: "accepted" }
  /** A keep-alive comment before the first text. */
  | { type: "queued" }
  /** Comes before the wait; `attempt` is 1 for the first retry. */
  | { type: "retrying"; attempt: number; afterMs: number; failure: UpstreamError }
  | { type: "reasoning"; text: string }
  | { type: "content"; text: string }
  /** The last delta of a good stream, exactly once. */
  | { type: "finish"; reason: FinishReason; usage: Usage | null };

export type FinishReason =
  | "stop"
  | "length"
  | "content_filter"
  | "insufficient_system_resource"
  | "tool_calls"
  | "other";

/**
 * Counts of tokens, null where the server told nothing. `cachedTokens` are part of `promptTokens`,
 * `reasoningTokens` of `completionTokens`.
 */
export interface Usage {
  promptTokens: number | null;
  cachedTokens: number | null;
  completionTokens: number | null;
  reasoningTokens: number | null;
}

export interface Balance {
  /** There is enough for another request. */
  isAvailable: boolean;
  /** One for each currency; a total is a decimal number such as "110.00". */
  amounts: { currency: string; total: string }[];
}

/** What a server says of a model; null where it says nothing. */
export interface Model {
  id: string;
  name: string;
  contextTokens: number | null;
  /** How long an answer may be. */
  outputTokens: number | null;
  /** Whether it sees images, and whether it thinks before it answers. */
  vision: boolean | null;
  reasoning: boolean | null;
}
