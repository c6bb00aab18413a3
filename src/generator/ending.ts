import { UpstreamError } from "../deepseek/errors.js";
import type { FinishReason, Manner, Usage } from "../deepseek/types.js";
import { type AskedWith, COST_UNKNOWN, type Ending } from "../models/generations.js";
import { RENDERER_VERSION } from "../rendering/markdown.js";
import { NoProvider } from "./upstream.js";

/** How a run ended, before its text is added. */
export type Outcome = Pick<Ending, "state" | "failure" | "finishReason"> & { usage: Usage | null };

/** What earlier runs have written of an answer, and what that took; null where it is not known. */
export type Earlier = Omit<Written, "tookMs"> & { tookMs: number | null } & Counts;

type Written = Pick<Ending, "body" | "reasoning" | "thoughtForMs" | "firstTokenMs" | "tookMs">;
type Rendered = Pick<Ending, "html" | "reasoningHtml" | "systemDigest" | "oldestDigest"> &
  AskedWith;
type Counts = Pick<
  Ending,
  "promptTokens" | "cachedTokens" | "completionTokens" | "reasoningTokens"
>;

export const NOTHING_WRITTEN: Earlier = {
  body: "",
  reasoning: "",
  thoughtForMs: null,
  firstTokenMs: null,
  tookMs: null,
  promptTokens: 0,
  cachedTokens: 0,
  completionTokens: 0,
  reasoningTokens: 0,
};

export const CUT_OFF: Outcome = {
  state: "interrupted",
  failure: "cut_off",
  finishReason: null,
  usage: null,
};

/** Why a run was ended from outside. */
export class Halt extends Error {
  override readonly cause: "stopped" | "restart" | "gone";

  constructor(cause: Halt["cause"]) {
    super(cause);
    this.cause = cause;
  }
}

export function finished(reason: FinishReason, usage: Usage | null): Outcome {
  if (reason === "insufficient_system_resource") {
    return { state: "interrupted", failure: "overloaded", finishReason: reason, usage };
  } else {
    return { state: "complete", failure: null, finishReason: reason, usage };
  }
}

export function failed(error: unknown, hasText: boolean): Outcome {
  const nothing = { finishReason: null, usage: null };

  if (error instanceof Halt && error.cause === "stopped") {
    return { state: "stopped", failure: null, ...nothing };
  } else if (error instanceof Halt) {
    return { state: "interrupted", failure: error.cause, ...nothing };
  } else {
    return { state: hasText ? "interrupted" : "failed", failure: kindOf(error), ...nothing };
  }
}

function kindOf(error: unknown): string {
  return error instanceof UpstreamError || error instanceof NoProvider ? error.kind : "internal";
}

/** What its server was told of how to answer, as the row of an answer has it; null: it was told nothing at all. */
export function askedWith(manner: Manner | null): AskedWith {
  return {
    askedThinking: manner?.thinking ?? null,
    askedTemperature: manner?.temperature ?? null,
    askedTopP: manner?.topP ?? null,
    askedMaxTokens: manner?.maxTokens ?? null,
  };
}

/** The row of an ended answer: what it cost includes what an earlier run of it has cost. */
export function endingOf(
  { usage, ...outcome }: Outcome,
  earlier: Earlier,
  written: Written & Rendered,
): Ending {
  return {
    ...outcome,
    ...written,
    rendererVersion: RENDERER_VERSION,
    spent: usage ?? COST_UNKNOWN,
    tookMs: (earlier.tookMs ?? 0) + written.tookMs,
    promptTokens: inAll(earlier.promptTokens, usage?.promptTokens),
    cachedTokens: inAll(earlier.cachedTokens, usage?.cachedTokens),
    completionTokens: inAll(earlier.completionTokens, usage?.completionTokens),
    reasoningTokens: inAll(earlier.reasoningTokens, usage?.reasoningTokens),
  };
}

// A run that was cut off tells no counts: half of the cost is not the cost, so then nothing is claimed.
function inAll(before: number | null, now: number | null = null): number | null {
  return before === null || now === null ? null : before + now;
}
