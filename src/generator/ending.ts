import { UpstreamError } from "../deepseek/errors.js";
import type { FinishReason, Usage } from "../deepseek/types.js";
import type { Ending } from "../models/generations.js";
import { RENDERER_VERSION, renderMarkdown } from "../rendering/markdown.js";

/** How a run ended, before its text is added. */
export type Outcome = Pick<Ending, "state" | "failure" | "finishReason"> & { usage: Usage | null };

/** What an earlier run has written of an answer, and what that took. */
export type Begun = Written & Partial<Counts>;

type Written = Pick<Ending, "body" | "reasoning" | "thoughtForMs" | "firstTokenMs"> & {
  tookMs: number | null;
};
type Counts = Pick<
  Ending,
  "promptTokens" | "cachedTokens" | "completionTokens" | "reasoningTokens"
>;

export const NOTHING_BEGUN: Begun = {
  body: "",
  reasoning: "",
  thoughtForMs: null,
  firstTokenMs: null,
  tookMs: null,
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
    const failure = error instanceof UpstreamError ? error.kind : "internal";
    return { state: hasText ? "interrupted" : "failed", failure, ...nothing };
  }
}

/** The row of an ended answer: what it cost includes what an earlier run of it has cost. */
export function endingOf({ usage, ...outcome }: Outcome, begun: Begun, written: Written): Ending {
  return {
    ...outcome,
    ...written,
    html: renderMarkdown(written.body),
    reasoningHtml: renderMarkdown(written.reasoning),
    rendererVersion: RENDERER_VERSION,
    tookMs: sum(begun.tookMs, written.tookMs) ?? 0,
    promptTokens: sum(begun.promptTokens, usage?.promptTokens),
    cachedTokens: sum(begun.cachedTokens, usage?.cachedTokens),
    completionTokens: sum(begun.completionTokens, usage?.completionTokens),
    reasoningTokens: sum(begun.reasoningTokens, usage?.reasoningTokens),
  };
}

// Nobody counted is not the same as nothing.
function sum(a: number | null = null, b: number | null = null): number | null {
  return a === null && b === null ? null : (a ?? 0) + (b ?? 0);
}
