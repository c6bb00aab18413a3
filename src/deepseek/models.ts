import { asObject, type JsonObject } from "./json.js";
import type { Model } from "./types.js";

const MOST_MODELS = 1000;

/** The list in GET /models, or null when there is none. Only ids can be relied on. */
export function readModels(parsed: unknown): Model[] | null {
  const list = Array.isArray(parsed) ? parsed : (asObject(parsed).data ?? asObject(parsed).models);
  return Array.isArray(list) ? list.slice(0, MOST_MODELS).map(asObject).flatMap(readModel) : null;
}

function readModel(item: JsonObject): Model[] {
  const id = item.id ?? item.name;
  if (typeof id !== "string" || id === "") return [];

  return [
    {
      id,
      name: typeof item.name === "string" && item.name !== "" ? item.name : id,
      contextTokens: contextOf(item),
    },
  ];
}

function contextOf(item: JsonObject): number | null {
  const meta = asObject(item.meta);
  return firstCount(
    item.context_window, // DeepSeek
    item.max_model_len, // vLLM
    item.context_length, // OpenRouter, LM Studio
    item.max_context_length,
    item.max_input_tokens, // LiteLLM
    meta.n_ctx, // llama.cpp: what it was started with
    meta.n_ctx_train, // and what the model could do
  );
}

function firstCount(...values: unknown[]): number | null {
  const found = values.find((value) => Number.isSafeInteger(value) && Number(value) > 0);
  return found === undefined ? null : Number(found);
}
