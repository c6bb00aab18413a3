import { after, beforeEach } from "node:test";
import { createClient } from "../../src/deepseek/client.js";
import { UpstreamError } from "../../src/deepseek/errors.js";
import type {
  ChatRequest,
  ClientOptions,
  DeepSeekClient,
  Delta,
} from "../../src/deepseek/types.js";
import { type FakeDeepSeek, startFakeDeepSeek } from "../support/fake-deepseek.js";

export const KEY = "sk-0123456789abcdef-last";
export const CLOCKS = {
  connectMs: 2000,
  headersMs: 2000,
  firstTokenMs: 2000,
  betweenTokensMs: 2000,
  totalMs: 5000,
};
const QUICK = { most: 2, firstDelayMs: 10, longestDelayMs: 20, longestRetryAfterMs: 2000 };

export const HELLO: ChatRequest = {
  model: "deepseek-flash",
  messages: [{ role: "user", content: "Hello" }],
};

export interface Outcome {
  deltas: Delta[];
  error: unknown;
  text: string;
  thoughts: string;
}

export const fake: FakeDeepSeek = await startFakeDeepSeek();
const clients: DeepSeekClient[] = [];

beforeEach(() => {
  fake.forget();
});

after(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await fake.close();
});

/** A client of the fake; the options say what is special about it. */
export function client(options: Partial<ClientOptions> = {}): DeepSeekClient {
  const made = createClient({
    baseUrl: fake.url,
    apiKey: KEY,
    flavor: "deepseek",
    retries: QUICK,
    ...options,
    clocks: { ...CLOCKS, ...options.clocks },
  });
  clients.push(made);
  return made;
}

/** Asks and collects everything, the error at the end included. */
export async function ask(
  options: Partial<ClientOptions> = {},
  request: Partial<ChatRequest> = {},
): Promise<Outcome> {
  return collect(client(options).stream({ ...HELLO, ...request }, { signal: never() }));
}

export async function collect(stream: AsyncIterable<Delta>): Promise<Outcome> {
  const deltas: Delta[] = [];
  let error: unknown = null;

  try {
    for await (const delta of stream) deltas.push(delta);
  } catch (thrown) {
    error = thrown;
  }
  return { deltas, error, text: textIn(deltas, "content"), thoughts: textIn(deltas, "reasoning") };
}

export function textIn(deltas: Delta[], type: "content" | "reasoning"): string {
  return deltas.map((delta) => (delta.type === type ? delta.text : "")).join("");
}

export function failure({ error }: Outcome): UpstreamError {
  if (error instanceof UpstreamError) return error;
  throw new Error(`Not an UpstreamError: ${String(error)}`, { cause: error });
}

export function finish({ deltas, error }: Outcome): Extract<Delta, { type: "finish" }> {
  const last = deltas.at(-1);
  if (last?.type === "finish" && !error) return last;
  throw new Error("The stream did not finish.", { cause: error });
}

export function retries({ deltas }: Outcome): Extract<Delta, { type: "retrying" }>[] {
  return deltas.filter((delta) => delta.type === "retrying");
}

export function never(): AbortSignal {
  return new AbortController().signal;
}
