import { asObject, isObject, type JsonObject, parseJson } from "./json.js";
import type { FinishReason, Usage } from "./types.js";

export type Piece =
  | { type: "reasoning"; text: string }
  | { type: "content"; text: string }
  | { type: "finish"; reason: FinishReason }
  | { type: "usage"; usage: Usage }
  | { type: "error"; error: unknown }
  | { type: "done" }
  | { type: "unreadable" };

/** One event's data to what it says, in any dialect met; see the tests for whose they are. */
export function readEvent(data: string): Piece[] {
  const text = data.trim();
  if (text === "") return [];
  if (text === "[DONE]") return [{ type: "done" }];

  const chunk = parseJson(text);
  if (chunk !== undefined) return readChunk(chunk);
  // Servers that put one line break between events instead of two.
  if (text.includes("\n")) return text.split("\n").flatMap(readEvent);
  return [{ type: "unreadable" }];
}

/** A chunk of a stream, or the whole of an answer that was not streamed. */
export function readChunk(chunk: unknown): Piece[] {
  if (!isObject(chunk)) return [{ type: "unreadable" }];

  const error = errorIn(chunk);
  if (error !== null) return [{ type: "error", error }];

  const choice = asObject(Array.isArray(chunk.choices) ? chunk.choices[0] : null);
  const pieces: Piece[] = [];
  addText(pieces, asObject(choice.delta ?? choice.message));
  addFinish(pieces, choice);
  addUsage(pieces, chunk);
  return pieces;
}

function errorIn(chunk: JsonObject): unknown {
  if (chunk.error) return chunk.error;
  return chunk.object === "error" ? chunk : null;
}

function addText(pieces: Piece[], delta: JsonObject) {
  const reasoning = textOf(delta.reasoning_content) || textOf(delta.reasoning);
  const content = textOf(delta.content);

  if (reasoning !== "") pieces.push({ type: "reasoning", text: reasoning });
  if (content !== "") pieces.push({ type: "content", text: content });
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map((part) => textOf(asObject(part).text)).join("");
  return "";
}

const REASONS: ReadonlySet<string> = new Set<FinishReason>([
  "stop",
  "length",
  "content_filter",
  "insufficient_system_resource",
  "tool_calls",
]);

function addFinish(pieces: Piece[], choice: JsonObject) {
  const reason = choice.finish_reason;
  // Ollama's early versions say "" on every chunk.
  if (typeof reason !== "string" || reason === "") return;
  pieces.push({ type: "finish", reason: isReason(reason) ? reason : "other" });
}

function isReason(reason: string): reason is FinishReason {
  return REASONS.has(reason);
}

function addUsage(pieces: Piece[], { usage }: JsonObject) {
  if (!isObject(usage)) return;

  const cached =
    asObject(usage.prompt_tokens_details).cached_tokens ?? usage.prompt_cache_hit_tokens;
  const reasoning = asObject(usage.completion_tokens_details).reasoning_tokens;
  const counts = {
    promptTokens: count(usage.prompt_tokens),
    cachedTokens: count(cached),
    completionTokens: count(usage.completion_tokens),
    reasoningTokens: count(reasoning),
  };
  pieces.push({ type: "usage", usage: counts });
}

const MOST_TOKENS = 2 ** 31 - 1;

/** A count that fits a database's integer; null when the server told none. */
function count(value: unknown): number | null {
  return typeof value === "number" && value >= 0 ? Math.min(Math.trunc(value), MOST_TOKENS) : null;
}
