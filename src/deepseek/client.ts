import { setTimeout as wait } from "node:timers/promises";
import { Agent, type Dispatcher, request as send } from "undici";
import { AnswerReader } from "./answer.js";
import { responseFailure, scrubbed, transportFailure, UpstreamError } from "./errors.js";
import { parseJson } from "./json.js";
import { readModels } from "./models.js";
import { chatBody, chatUrl, tidyBase } from "./request.js";
import { retryDelay } from "./retry.js";
import type {
  Caps,
  ChatRequest,
  ClientOptions,
  Clocks,
  DeepSeekClient,
  Delta,
  Model,
  Retries,
} from "./types.js";
import {
  betweenTokensLimit,
  firstTokenLimit,
  goodbyeLimit,
  headersLimit,
  type Limit,
  Watch,
} from "./watch.js";

export { type FailureKind, UpstreamError } from "./errors.js";
export type * from "./types.js";

type Response = Dispatcher.ResponseData;

interface Upstream {
  agent: Agent;
  base: string;
  apiKey: string | undefined;
  flavor: ClientOptions["flavor"];
  clocks: Clocks;
  caps: Caps;
  retries: Retries;
}

interface Call {
  method: "GET" | "POST";
  url: string;
  body?: string;
}

const CAPS: Caps = { eventBytes: 16 * 1024 * 1024, answerBytes: 4 * 1024 * 1024 };
const RETRIES: Retries = {
  most: 2,
  firstDelayMs: 500,
  longestDelayMs: 10_000,
  longestRetryAfterMs: 30_000,
};
const MODELS_MS = 15_000;
const MODELS_BYTES = 4 * 1024 * 1024;
const REFUSAL_MS = 5_000;
const REFUSAL_BYTES = 64 * 1024;
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
    models: ({ signal }) => models(upstream, signal),
    close: () => upstream.agent.destroy(),
  };
}

function upstreamOf({ baseUrl, apiKey, flavor, clocks, caps, retries }: ClientOptions): Upstream {
  return {
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
  };
}

async function* stream(
  upstream: Upstream,
  request: ChatRequest,
  signal: AbortSignal,
): AsyncGenerator<Delta> {
  signal.throwIfAborted();
  const endsAt = performance.now() + upstream.clocks.totalMs;

  for (let attempt = 1; ; attempt++) {
    const reader = readerFor(upstream, request);
    const watch = new Watch(signal, endsAt - performance.now());

    try {
      yield* exchange(upstream, request, { reader, watch });
      return;
    } catch (error) {
      const failure = failureFor(upstream, error, signal);
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
  yield* handedOver([{ type: "accepted" }], upstream, watch);

  try {
    yield* answer(upstream, response, { reader, watch });
  } catch (error) {
    // Once the answer is complete, it does not matter how the connection ends.
    if (!reader.finished || watch.calledOff) throw error;
  }
  yield* reader.end();
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
  deltas: Iterable<Delta>,
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
}

/** Sends, and hands back a response worth reading. Redirects are not followed: the key is for this server alone. */
async function open(upstream: Upstream, call: Call, watch: Watch): Promise<Response> {
  const response = await sent(upstream, call, watch);
  // undici reports the end of a body that nobody reads any more as an error.
  response.body.on("error", () => {});

  const encoding = response.headers["content-encoding"] ?? "identity";
  const refused = response.statusCode < 200 || response.statusCode > 299;
  if (!refused && encoding === "identity") return response;

  const body = encoding === "identity" ? await refusalIn(response, watch) : "a compressed body";
  response.body.destroy();
  if (refused)
    throw responseFailure({ status: response.statusCode, headers: response.headers, body });
  throw new UpstreamError("protocol", body, { phase: "headers", status: response.statusCode });
}

async function sent({ agent, apiKey }: Upstream, call: Call, watch: Watch): Promise<Response> {
  try {
    return await send(call.url, {
      dispatcher: agent,
      method: call.method,
      headers: {
        ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}),
        ...(call.body ? { "content-type": "application/json" } : {}),
      },
      body: call.body,
      signal: watch.signal,
    });
  } catch (error) {
    throw error instanceof UpstreamError ? error : transportFailure(error, "headers");
  }
}

/** What a refusal says, as far as it comes; the status tells enough without. */
async function refusalIn(response: Response, watch: Watch): Promise<string> {
  const limit: Limit = { ...goodbyeLimit(REFUSAL_MS), phase: "headers" };
  watch.expect(limit);

  try {
    return await textOf(response, REFUSAL_BYTES);
  } catch {
    return "";
  }
}

async function textOf(response: Response, mostBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;

  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true });
    bytes += chunk.length;
    if (bytes > mostBytes) break;
  }
  return text.slice(0, mostBytes);
}

/** The caller's own reason when it was the caller; else what happened, without the key in it. */
function failureFor({ apiKey }: Upstream, error: unknown, signal: AbortSignal): UpstreamError {
  signal.throwIfAborted();
  const failure = error instanceof UpstreamError ? error : transportFailure(error, "body");
  return scrubbed(failure, apiKey);
}

function delayBefore(
  { retries }: Upstream,
  failure: UpstreamError,
  { attempt, spoken }: { attempt: number; spoken: boolean },
): number | null {
  if (spoken) return null;
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
  signal.throwIfAborted();
  const watch = new Watch(signal, upstream.clocks.totalMs);

  try {
    const ms = Math.min(MODELS_MS, upstream.clocks.headersMs);
    watch.expect({ ...headersLimit(upstream.clocks), ms });
    return await listed(
      await open(upstream, { method: "GET", url: `${upstream.base}/models` }, watch),
    );
  } catch (error) {
    throw failureFor(upstream, error, signal);
  } finally {
    watch.close();
  }
}

async function listed(response: Response): Promise<Model[]> {
  const found = readModels(parseJson(await textOf(response, MODELS_BYTES)));

  if (found) {
    return found;
  } else {
    throw new UpstreamError("protocol", "GET /models gave no list", { phase: "body" });
  }
}
