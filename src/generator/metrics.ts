import type { Usage } from "../deepseek/types.js";
import { counter, gauge, histogram } from "../lib/metrics.js";
import type { Ending } from "../models/generations.js";
import type { Earlier } from "./ending.js";
import type { Run } from "./run.js";

const SECONDS = [0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

const started = counter(
  "aifacade_answers_started_total",
  "Answers that were begun or gone on with.",
);
const ended = counter(
  "aifacade_answers_ended_total",
  "Answers that ended, by the state they were stored in and by what went wrong.",
  ["state", "failure"],
);
const firstToken = histogram(
  "aifacade_answer_first_token_seconds",
  "Time until the first token of an answer, reasoning included.",
  SECONDS,
);
const duration = histogram(
  "aifacade_answer_duration_seconds",
  "Time from the beginning of an answer to its end.",
  SECONDS,
);
const tokens = counter(
  "aifacade_tokens_total",
  "Tokens that the model has counted. Each counts once: cached and uncached are the prompt, reasoning and answer what was written.",
  ["kind"],
);

export const upstreamRetries = counter(
  "aifacade_upstream_retries_total",
  "Requests to the model that were sent again, by what had gone wrong.",
  ["failure"],
);
export const checkpointSeconds = histogram(
  "aifacade_checkpoint_duration_seconds",
  "Time to store the growing text of all running answers, waiting for a lock included.",
  [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
);
export const storeFailures = counter(
  "aifacade_answer_store_failures_total",
  "Attempts to store an answer that failed; each is made again.",
  ["what"],
);

/** Shows what is running at each moment. */
export function watchRuns(runs: ReadonlyMap<number, Run>) {
  gauge("aifacade_answers_running", "Answers that are being written.", () => runs.size);
  gauge("aifacade_readers", "Connections that follow a running answer.", () => readersOf(runs));
}

export function countStart() {
  started.inc();
}

/** Counts what this run has added: an answer that is gone on with has been counted in part before. */
export function countEnd(ending: Ending, earlier: Earlier) {
  ended.inc({ state: ending.state, failure: ending.failure ?? "none" });
  duration.observe((ending.tookMs - (earlier.tookMs ?? 0)) / 1000);
  if (ending.firstTokenMs !== null && earlier.firstTokenMs === null) {
    firstToken.observe(ending.firstTokenMs / 1000);
  }
  countTokens(ending, earlier);
}

function countTokens(ending: Ending, earlier: Earlier) {
  countUsage({
    promptTokens: added(ending.promptTokens, earlier.promptTokens),
    cachedTokens: added(ending.cachedTokens, earlier.cachedTokens),
    completionTokens: added(ending.completionTokens, earlier.completionTokens),
    reasoningTokens: added(ending.reasoningTokens, earlier.reasoningTokens),
  });
}

export function countUsage(usage: Usage) {
  const [prompt, cached] = [usage.promptTokens ?? 0, usage.cachedTokens ?? 0];
  const [completion, reasoning] = [usage.completionTokens ?? 0, usage.reasoningTokens ?? 0];

  tokens.inc({ kind: "prompt_cached" }, cached);
  tokens.inc({ kind: "prompt_uncached" }, Math.max(0, prompt - cached));
  tokens.inc({ kind: "reasoning" }, reasoning);
  tokens.inc({ kind: "answer" }, Math.max(0, completion - reasoning));
}

function added(now: number | null, before: number | null = null): number {
  return Math.max(0, (now ?? 0) - (before ?? 0));
}

function readersOf(runs: ReadonlyMap<number, Run>): number {
  return [...runs.values()].reduce((sum, run) => sum + run.broadcast.readers, 0);
}
