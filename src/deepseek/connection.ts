import { type Agent, type Dispatcher, request as send } from "undici";
import type { Breaker } from "./breaker.js";
import { UpstreamError } from "./errors.js";
import { responseFailure, transportFailure } from "./failures.js";
import type { Caps, ClientOptions, Clocks, Retries } from "./types.js";
import { goodbyeLimit, type Limit, type Watch } from "./watch.js";

export type Response = Dispatcher.ResponseData;

/** A server to ask, and how. */
export interface Upstream {
  agent: Agent;
  base: string;
  apiKey: string | undefined;
  flavor: ClientOptions["flavor"];
  clocks: Clocks;
  caps: Caps;
  retries: Retries;
  breaker: Breaker;
}

export interface Call {
  method: "GET" | "POST";
  url: string;
  body?: string;
}

const REFUSAL_MS = 5_000;
const REFUSAL_BYTES = 64 * 1024;

/** Sends, and hands back a response worth reading. Redirects are not followed: the key is for this server alone. */
export async function open(upstream: Upstream, call: Call, watch: Watch): Promise<Response> {
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

/** The body as text, cut off soon after `mostBytes`. */
export async function textOf(response: Response, mostBytes: number): Promise<string> {
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
