import type { ChatMessage, ChatRequest, ClientOptions, Manner, Thinking } from "./types.js";

type Flavor = ClientOptions["flavor"];

const GO_ON =
  "Your last message was cut off. Go on exactly where it stopped, with the very next character. " +
  "Do not repeat anything, do not comment, do not start over.";

/** The base without what people paste along: a trailing slash, the whole address of the chat, a query. */
export function tidyBase(baseUrl: string): string {
  const url = new URL(baseUrl.trim());
  if (!/^https?:$/.test(url.protocol)) throw new TypeError("The base URL must be http or https.");

  const path = url.pathname.replace(/\/+$/, "").replace(/\/chat\/completions$/, "");
  return `${url.origin}${path.replace(/\/+$/, "")}`;
}

export function chatUrl(base: string, flavor: Flavor, request: ChatRequest): string {
  // DeepSeek takes `prefix` only on its beta base.
  if (flavor === "deepseek" && request.continuing) {
    return `${bare(base)}/beta/chat/completions`;
  }
  return `${base}/chat/completions`;
}

export function balanceUrl(base: string): string {
  return `${bare(base)}/user/balance`;
}

function bare(base: string): string {
  return base.replace(/\/(v1|beta)$/, "");
}

/** The body of POST /chat/completions. Unknown fields are refused by some servers, so each flavor gets its own only. */
export function chatBody(request: ChatRequest, flavor: Flavor): object {
  return {
    model: request.model,
    messages: flavor === "deepseek" ? deepseekMessages(request) : genericMessages(request),
    stream: true,
    stream_options: { include_usage: true },
    ...mannerFields(request, flavor),
  };
}

/** What of a request's manner a server is told. */
export function mannerFor(request: ChatRequest, flavor: Flavor): Manner {
  const { thinking = null, temperature = null, topP = null, maxTokens = null } = request;

  // No field for thinking is common.
  if (flavor === "generic") return { thinking: null, temperature, topP, maxTokens };
  // While DeepSeek thinks, and it does unless it is told not to, it ignores temperature and top_p.
  if (thinking !== "off") return { thinking, temperature: null, topP: null, maxTokens };
  return { thinking, temperature, topP, maxTokens };
}

function mannerFields({ brief, ...request }: ChatRequest, flavor: Flavor): object {
  if (brief && flavor === "deepseek")
    return { thinking: { type: "disabled" }, max_tokens: brief.maxTokens };

  const { thinking, temperature, topP, maxTokens } = mannerFor(request, flavor);
  return given({
    ...(thinking === null ? {} : thinkingFields(thinking)),
    ...{ temperature, top_p: topP, max_tokens: maxTokens },
  });
}

function thinkingFields(thinking: Thinking): object {
  return thinking === "off"
    ? { thinking: { type: "disabled" } }
    : { thinking: { type: "enabled" }, reasoning_effort: thinking };
}

// Some servers refuse null.
function given(fields: Record<string, unknown>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null));
}

function deepseekMessages({ messages, continuing }: ChatRequest): object[] {
  return messages.map((message, index) => {
    const prefix = continuing && index === messages.length - 1;
    return { ...replayed(message), ...(prefix ? { prefix: true } : {}) };
  });
}

/**
 * Reasoning goes back with every answer, empty where there was none: in conversations with tools DeepSeek
 * answers 400 when it is missing, without tools it ignores it, and the cache wants each turn the same each time.
 */
function replayed({ reasoning, ...message }: ChatMessage): object {
  const plain = plainly(message);
  return message.role === "assistant" ? { ...plain, reasoning_content: reasoning ?? "" } : plain;
}

// Parts only where there are pictures: some servers take nothing but text.
function plainly({ role, content, pictures = [] }: ChatMessage) {
  if (pictures.length === 0) return { role, content };
  const seen = pictures.map((url) => ({ type: "image_url", image_url: { url } }));
  return { role, content: [...seen, { type: "text", text: content }] };
}

function genericMessages({ messages, continuing }: ChatRequest): object[] {
  const plain = messages.map(plainly);
  // There is no common field for continuing an answer, and most templates close an assistant's turn;
  // so the model is asked in words, which it mostly, but not always, follows to the letter.
  return continuing ? [...plain, { role: "user", content: GO_ON }] : plain;
}
