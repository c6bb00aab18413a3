import { randomUUID } from "node:crypto";
import type { Completion } from "./completion.js";
import { MODEL } from "./model.js";

const FINGERPRINT = "fp_aifacade_demo";

/** The answer to GET /models. */
export function modelList(): object {
  const model = {
    id: MODEL.id,
    object: "model",
    owned_by: "aifacade",
    name: MODEL.name,
    context_window: MODEL.contextTokens,
    max_output_tokens: MODEL.mostOutputTokens,
    input_modalities: ["text"],
    output_modalities: ["text"],
  };
  return { object: "list", data: [model] };
}

/** The answer to a request without `stream`. */
export function wholeAnswer(completion: Completion): object {
  const reasoning = completion.reasoning.join("");
  const message = {
    role: "assistant",
    content: completion.content.join(""),
    ...(reasoning === "" ? {} : { reasoning_content: reasoning }),
  };
  const choice = { index: 0, message, logprobs: null, finish_reason: completion.finishReason };

  return { ...envelope("chat.completion"), choices: [choice], usage: usageOf(completion) };
}

interface Manner {
  thinks: boolean;
  includesUsage: boolean;
  /** Joins tokens to the runs that are sent at once, and takes its time. */
  runs(tokens: readonly string[]): AsyncIterable<string>;
}

/** The chunks of a streamed answer: a role, reasoning, content, and a last one with the reason and the usage. */
export async function* streamOf(
  completion: Completion,
  { thinks, includesUsage, runs }: Manner,
): AsyncGenerator<object> {
  const shared = envelope("chat.completion.chunk");
  const chunk = (delta: object, ending: { finish_reason?: string; usage?: object } = {}) => {
    const { finish_reason = null, usage = null } = ending;
    const choices = [{ index: 0, delta, logprobs: null, finish_reason }];
    return { ...shared, choices, ...(usage || includesUsage ? { usage } : {}) };
  };

  yield chunk({ role: "assistant", ...(thinks ? thinkingDelta("") : { content: "" }) });
  for await (const run of runs(completion.reasoning)) yield chunk(thinkingDelta(run));
  for await (const run of runs(completion.content)) yield chunk(contentDelta(run, thinks));

  const ending = { finish_reason: completion.finishReason, usage: usageOf(completion) };
  yield chunk(contentDelta("", thinks), ending);
}

export function streamEvent(chunk: object): string {
  return `data: ${JSON.stringify(chunk)}\n\n`;
}

export function streamEnd(): string {
  return "data: [DONE]\n\n";
}

function thinkingDelta(text: string): object {
  return { content: null, reasoning_content: text };
}

function contentDelta(content: string, thinks: boolean): object {
  return thinks ? { content, reasoning_content: null } : { content };
}

function envelope(object: string): object {
  const created = Math.floor(Date.now() / 1000);
  return { id: randomUUID(), object, created, model: MODEL.id, system_fingerprint: FINGERPRINT };
}

function usageOf({ promptTokens, cachedTokens, reasoning, content }: Completion): object {
  const completionTokens = reasoning.length + content.length;

  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens },
    completion_tokens_details: { reasoning_tokens: reasoning.length },
    prompt_cache_hit_tokens: cachedTokens,
    prompt_cache_miss_tokens: promptTokens - cachedTokens,
  };
}
