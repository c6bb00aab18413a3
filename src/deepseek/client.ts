import { setTimeout as wait } from "node:timers/promises";
import { Agent } from "undici";
import { AnswerReader, type Fed } from "./answer.js";
import { readBalance } from "./balance.js";
import { Breaker } from "./breaker.js";
import { type Call, open, type Response, textOf, type Upstream } from "./connection.js";
import { scrubbed, UpstreamError } from "./errors.js";
import { transportFailure } from "./failures.js";
import { parseJson } from "./json.js";
import { readModels } from "./models.js";
import { balanceUrl, chatBody, chatUrl, mannerFor, tidyBase } from "./request.js";
import { retryDelay } from "./retry.js";
import type {
  Balance,
  Caps,
  ChatRequest,
  ClientOptions,
  DeepSeekClient,
  Delta,
  Model,
  Retries,
} from "./types.js";
import { betweenTokensLimit, firstTokenLimit, goodbyeLimit, headersLimit, Watch } from "./watch.js";

const CAPS: Caps = { eventBytes: 16 * 1024 * 1024, answerBytes: 4 * 1024 * 1024 };
const RETRIES: Retries = {
  most: 2,
  firstDelayMs: 500,
  longestDelayMs: 10_000,
  longestRetryAfterMs: 30_000,
};
const LOOK_MS = 5_000;
const TOLD_MS = 15_000;
const TOLD_BYTES = 4 * 1024 * 1024;
/** After the finish reason usage and [DONE] may still come. */
const LAST_WORDS_MS = 2_000;
/** After [DONE] only the end is missing; with it the connection can be used again. */
const GOODBYE_MS = 250;

/**
 * A client for one server that speaks DeepSeek's dialect or a similar one, with connections of its own.
 * Throws a TypeError when the base URL is none.
 */
export function createClient(options: ClientOptions): DeepSeekClient {
  const upstream = upstreamOf(options);

  return {
    stream: (request, { signal }) => stream(upstream, request, signal),
    told: (request) => mannerFor(request, upstream.flavor),
    models: ({ signal }) => models(upstream, signal),
    balance: ({ signal }) => balance(upstream, signal),
    circuit: () => upstream.breaker.circuit,
    retire: () => upstream.breaker.end(),
    close: () => {
      upstream.breaker.end();
      return upstream.agent.destroy();
    },
  };
}

function upstreamOf(options: ClientOptions): Upstream {
  const { baseUrl, apiKey, flavor, clocks, caps, retries, breaker, onCircuit } = options;
  const look = (): Promise<Model[]> => models(upstream, AbortSignal.timeout(LOOK_MS));
  const upstream: Upstream = {
    agent: new Agent({
      connect: { timeout: clocks.connectMs },
      // Ours are kept by the watch.
      headersTimeout: 0,
      bodyTimeout: 0,
    }),
    base: tidyBase(baseUrl),
    apiKey: apiKey?.trim() || undefined,
    flavor,
    clocks,
    caps: { ...CAPS, ...caps },
    retries: { ...RETRIES, ...retries },
    breaker: new Breaker(breaker ?? null, look, onCircuit),
  };
  return upstream;
}

async function* stream(
  upstream: Upstream,
  request: ChatRequest,
  signal: AbortSignal,
): AsyncGenerator<Delta> {
  signal.throwIfAborted();
  upstream.breaker.admit();
  const endsAt = performance.now() + upstream.clocks.totalMs;

  for (let attempt = 1; ; attempt++) {
    const reader = readerFor(upstream, request);
    const watch = new Watch(signal, endsAt - performance.now());

    try {
      yield* exchange(upstream, request, { reader, watch });
      upstream.breaker.succeeded();
      return;
    } catch (error) {
      const failure = failureFor(upstream, error, signal);
      if (!reader.spoken) upstream.breaker.failed(failure);
      const afterMs = delayBefore(upstream, failure, { attempt, spoken: reader.spoken });
      if (afterMs === null) throw failure;

      yield { type: "retrying", attempt, afterMs, failure };
      await pause(afterMs, signal);
    } finally {
      watch.close();
    }
  }
}

function readerFor({ caps, flavor }: Upstream, { continuing = false }: ChatRequest): AnswerReader {
  return new AnswerReader({
    caps,
    splitsThinking: flavor === "generic" && !continuing,
    mayBeEmpty: continuing,
  });
}

async function* exchange(
  upstream: Upstream,
  request: ChatRequest,
  { reader, watch }: { reader: AnswerReader; watch: Watch },
): AsyncGenerator<Delta> {
  watch.expect(headersLimit(upstream.clocks));
  const response = await open(upstream, chatCall(upstream, request), watch);
  upstream.breaker.accepted();
  yield* handedOver({ deltas: [{ type: "accepted" }], failure: null }, upstream, watch);

  try {
    yield* answer(upstream, response, { reader, watch });
  } catch (error) {
    // Once the answer is complete, it does not matter how the connection ends.
    if (!reader.finished || watch.calledOff) throw error;
  }
  yield* last(reader.end());
}

// Nothing more is waited for: a limit that has passed by now has ended the connection, not the answer.
function* last({ deltas, failure }: Fed): Generator<Delta> {
  yield* deltas;
  if (failure) throw failure;
}

function chatCall({ base, flavor }: Upstream, request: ChatRequest): Call {
  return {
    method: "POST",
    url: chatUrl(base, flavor, request),
    body: JSON.stringify(chatBody(request, flavor)),
  };
}

async function* answer(
  upstream: Upstream,
  response: Response,
  { reader, watch }: { reader: AnswerReader; watch: Watch },
): AsyncGenerator<Delta> {
  watch.expect(firstTokenLimit(upstream.clocks));

  for await (const bytes of response.body) {
    if (reader.done) return;

    const { finished } = reader;
    yield* handedOver(reader.feed(bytes), upstream, watch);

    if (reader.done) watch.expect(goodbyeLimit(GOODBYE_MS));
    else if (reader.finished && !finished) watch.expect(goodbyeLimit(LAST_WORDS_MS));
  }
}

async function* handedOver(
  { deltas, failure }: Fed,
  { clocks }: Upstream,
  watch: Watch,
): AsyncGenerator<Delta> {
  for (const delta of deltas) {
    if (delta.type === "content" || delta.type === "reasoning") {
      watch.expect(betweenTokensLimit(clocks));
    }

    watch.pause();
    yield delta;
    watch.resume();
  }
  if (failure) throw failure;
}

/** The caller's own reason when it was the caller; else what happened, without the key in it. */
function failureFor({ apiKey }: Upstream, error: unknown, signal: AbortSignal): UpstreamError {
  signal.throwIfAborted();
  const failure = error instanceof UpstreamError ? error : transportFailure(error, "body");
  return scrubbed(failure, apiKey);
}

function delayBefore(
  { retries, breaker }: Upstream,
  failure: UpstreamError,
  { attempt, spoken }: { attempt: number; spoken: boolean },
): number | null {
  if (spoken || breaker.circuit.state !== "closed") return null;
  return retryDelay(failure, attempt, { rules: retries, random: Math.random() });
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(ms, undefined, { signal });
  } catch {
    signal.throwIfAborted();
  }
}

async function models(upstream: Upstream, signal: AbortSignal): Promise<Model[]> {
  const found = readModels(await told(upstream, `${upstream.base}/models`, signal));

  if (found) {
    upstream.breaker.accepted();
    return found;
  } else {
    throw new UpstreamError("protocol", "GET /models gave no list", { phase: "body" });
  }
}

async function balance(upstream: Upstream, signal: AbortSignal): Promise<Balance> {
  const found = readBalance(await told(upstream, balanceUrl(upstream.base), signal));

  if (found) {
    return found;
  } else {
    throw new UpstreamError("protocol", "GET /user/balance gave no balance", { phase: "body" });
  }
}

/** The JSON at an address, or undefined when there is none. */
async function told(upstream: Upstream, url: string, signal: AbortSignal): Promise<unknown> {
  signal.throwIfAborted();
  const watch = new Watch(signal, upstream.clocks.totalMs);

  try {
    const ms = Math.min(TOLD_MS, upstream.clocks.headersMs);
    watch.expect({ ...headersLimit(upstream.clocks), ms });
    const response = await open(upstream, { method: "GET", url }, watch);
    return parseJson(await textOf(response, TOLD_BYTES));
  } catch (error) {
    throw failureFor(upstream, error, signal);
  } finally {
    watch.close();
  }
}
