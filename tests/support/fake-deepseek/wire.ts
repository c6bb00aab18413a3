import type { AnswerOptions } from "./scenarios.js";

/** What goes over the wire: an object is one event's data; strings and bytes go as they are. */
export type Chunk = object | string | Uint8Array;

export const DONE = "data: [DONE]\n\n";
export const KEEP_ALIVE = ": keep-alive\n\n";
export const USAGE = {
  prompt_tokens: 120,
  completion_tokens: 40,
  total_tokens: 160,
  prompt_tokens_details: { cached_tokens: 64 },
  prompt_cache_hit_tokens: 64,
  prompt_cache_miss_tokens: 56,
  completion_tokens_details: { reasoning_tokens: 10 },
};

export function encoded(chunk: Chunk): Buffer {
  if (chunk instanceof Uint8Array) return Buffer.from(chunk);
  return Buffer.from(typeof chunk === "string" ? chunk : `data: ${JSON.stringify(chunk)}\n\n`);
}

export function events(...chunks: Chunk[]): string {
  return chunks.map((chunk) => encoded(chunk).toString()).join("");
}

export function delta(delta: object, more: object = {}): object {
  return { choices: [{ index: 0, delta, finish_reason: null }], ...more };
}

export const opening = () => delta({ role: "assistant", content: null, reasoning_content: "" });
export const content = (text: string) => delta({ content: text });
export const reasoning = (text: string) => delta({ reasoning_content: text });

/** So many tokens of an answer, of which each tells its place. */
export function numbered(tokens: number): object[] {
  return numberedWords(tokens).map(content);
}

export function numberedWords(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `word${index + 1} `);
}

export function finish(reason: string, usage: object | null = USAGE): object {
  return {
    choices: [{ index: 0, delta: { content: "", role: null }, finish_reason: reason }],
    usage,
  };
}

export function complaint(message: string, more: object = {}): object {
  return {
    error: { message, type: "fake_error", param: null, code: "invalid_request_error", ...more },
  };
}

/** DeepSeek's own dialect: usage rides on the chunk with the finish reason. */
export function* deepseek(body: unknown, options: AnswerOptions): Generator<Chunk> {
  const frame = {
    id: "fake-1",
    object: "chat.completion.chunk",
    created: 1_790_000_000,
    model: "fake",
  };
  const { finish: reason = "stop", usage = USAGE, done = true } = options;

  yield { ...frame, ...opening() };
  for (const word of words(options.reasoning ?? thoughts(body)))
    yield { ...frame, ...reasoning(word) };
  for (const word of words(options.content ?? echo(body))) yield { ...frame, ...content(word) };
  if (reason !== null) yield { ...frame, ...finish(reason, usage) };
  if (done) yield DONE;
}

/** Ollama: `reasoning`, usage in a chunk of its own, an empty finish reason on every other chunk. */
export const OLLAMA: Chunk[] = [
  { choices: [{ delta: { role: "assistant", content: "", reasoning: "Hm." }, finish_reason: "" }] },
  { choices: [{ delta: { role: "assistant", content: "Hello " }, finish_reason: "" }] },
  { choices: [{ delta: { content: "you" }, finish_reason: "stop" }] },
  { choices: [], usage: { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 } },
  DONE,
];

/** llama.cpp: `reasoning_content`, comments as pings, usage with its timings. */
export const LLAMA_CPP: Chunk[] = [
  { choices: [{ index: 0, delta: { role: "assistant", content: null } }] },
  ": ping\n\n",
  { choices: [{ index: 0, delta: { reasoning_content: "Hm." }, finish_reason: null }] },
  { choices: [{ index: 0, delta: { content: "Hello you" }, finish_reason: null }] },
  { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
  { choices: [], usage: { prompt_tokens: 5, completion_tokens: 7 }, timings: { prompt_n: 5 } },
  DONE,
];

/** vLLM: `reasoning`, a growing usage on every chunk, nulls all over. */
export const VLLM: Chunk[] = [
  { choices: [{ index: 0, delta: { role: "assistant", content: "" } }], usage: null },
  {
    choices: [
      { index: 0, delta: { reasoning: "Hm.", content: null, tool_calls: null }, logprobs: null },
    ],
    usage: { prompt_tokens: 5, completion_tokens: 1 },
  },
  {
    choices: [{ index: 0, delta: { content: "Hello you" }, finish_reason: null }],
    usage: { prompt_tokens: 5, completion_tokens: 4 },
  },
  {
    choices: [{ index: 0, delta: { content: "" }, finish_reason: "stop", stop_reason: null }],
    usage: { prompt_tokens: 5, completion_tokens: 7 },
  },
  DONE,
];

export function* giant(bytes: number): Generator<Chunk> {
  const piece = "x".repeat(64 * 1024);
  yield 'data: {"choices":[{"delta":{"content":"';
  for (let sent = 0; sent < bytes; sent += piece.length) yield piece;
  yield '"}}]}\n\n';
}

interface Asked {
  thinking?: { type?: string };
  messages?: { role?: string; content?: string | { text?: string }[]; prefix?: boolean }[];
}

export function lastQuestion(body: unknown): string {
  const { messages = [] } = (body ?? {}) as Asked;
  const content = messages.findLast(({ role }) => role === "user")?.content ?? "";
  return typeof content === "string" ? content : (content.find(({ text }) => text)?.text ?? "");
}

function thoughts(body: unknown): string {
  const { thinking, messages = [] } = (body ?? {}) as Asked;
  return thinking?.type === "disabled" || messages.at(-1)?.prefix
    ? ""
    : "The question is short, so the answer may be short as well.";
}

function echo(body: unknown): string {
  const { messages = [] } = (body ?? {}) as Asked;
  if (messages.at(-1)?.prefix) return " … and this is the rest of it.";

  return [
    `You asked: **${lastQuestion(body)}**`,
    "Here is what I know:",
    "1. It is a *fair* question.\n2. The answer is `42`.",
    "```js\nconst answer = 6 * 7;\n```",
    "Anything else?",
  ].join("\n\n");
}

function words(text: string): string[] {
  return text.match(/\s*\S+|\s+$/g) ?? [];
}
