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
      outputTokens: outputOf(item),
      vision: visionOf(item),
      reasoning: reasoningOf(item),
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

function outputOf(item: JsonObject): number | null {
  return firstCount(
    item.max_output_tokens, // DeepSeek, LiteLLM
    asObject(item.top_provider).max_completion_tokens, // OpenRouter
  );
}

function visionOf(item: JsonObject): boolean | null {
  const modalities = item.input_modalities ?? asObject(item.architecture).input_modalities;
  return says(modalities, "image") ?? says(item.capabilities, "vision", "multimodal");
}

function reasoningOf(item: JsonObject): boolean | null {
  const levels = asObject(item.effort).supported_levels; // DeepSeek
  if (Array.isArray(levels)) return levels.length > 0;
  return (
    says(item.supported_parameters, "reasoning") ?? // OpenRouter
    says(item.capabilities, "reasoning", "thinking")
  );
}

/** Whether a list has one of these words; null where there is no list. */
function says(list: unknown, ...words: string[]): boolean | null {
  return Array.isArray(list) ? words.some((word) => list.includes(word)) : null;
}

function firstCount(...values: unknown[]): number | null {
  const found = values.find((value) => Number.isSafeInteger(value) && Number(value) > 0);
  return found === undefined ? null : Number(found);
}
