import { config } from "../config.js";
import type { Circuit } from "../deepseek/breaker.js";
import { createClient } from "../deepseek/client.js";
import type { DeepSeekClient } from "../deepseek/types.js";
import { bad, type Finding, ok, warn } from "../lib/findings.js";
import { log } from "../lib/log.js";
import { counted } from "../lib/text.js";

interface Upstream {
  client: DeepSeekClient;
  close(): Promise<void>;
}

const EXAMINED_MS = 5_000;
const DEEPSEEK_URL = "https://api.deepseek.com";

// Five are two questions with their retries; a server that is back is found within half a minute.
const BREAKER = { mostFailures: 5, pauseMs: 5_000, longestPauseMs: 20_000 };

let upstream: Upstream | null = null;

export async function openUpstream(): Promise<void> {
  upstream = isDemo() ? await openDemo() : openReal();
}

export async function closeUpstream(): Promise<void> {
  await upstream?.close();
  upstream = null;
}

export function client(): DeepSeekClient {
  if (upstream) {
    return upstream.client;
  } else {
    throw new Error("openUpstream() has not been called");
  }
}

/** A server of one's own needs no key, so either setting means a real model. */
export function isDemo(): boolean {
  return config.deepseek.apiKey === null && config.deepseek.baseUrl === null;
}

export function isDeepSeek(): boolean {
  const { dialect } = config.deepseek;
  return dialect === "auto" ? isDeepSeeksAddress() : dialect === "deepseek";
}

/** Where questions are sent, as an administrator would name it. */
export function upstreamAddress(): string {
  return isDemo() ? "this server" : new URL(config.deepseek.baseUrl ?? DEEPSEEK_URL).host;
}

/** Whether an answer can be gone on with from its last word, without asking the model in words. */
export function completesPrefixes(): boolean {
  return isDemo() || isDeepSeek();
}

function isDeepSeeksAddress(): boolean {
  return /(^|\.)deepseek\.com$/.test(new URL(config.deepseek.baseUrl ?? DEEPSEEK_URL).hostname);
}

/** Asks the upstream for its models, as a start does: whether it is reached, and takes the key. */
export async function examineUpstream(): Promise<Finding> {
  if (isDemo()) return warn("The demo model answers.", "Set DEEPSEEK_API_KEY or DEEPSEEK_BASE_URL");

  const address = config.deepseek.baseUrl ?? DEEPSEEK_URL;
  const { client, close } = openReal();
  try {
    const models = await client.models({ signal: AbortSignal.timeout(EXAMINED_MS) });
    const has = models.some(({ id }) => id === config.deepseek.model);
    return config.deepseek.model && !has
      ? warn(`${address} does not list ${config.deepseek.model}.`, "Look at DEEPSEEK_MODEL")
      : ok(`${address} answers, with ${counted(models.length, "model")}.`);
  } catch (error) {
    return bad(`${address}: ${(error as Error).message}`, "Look at DEEPSEEK_BASE_URL and the key");
  } finally {
    await close();
  }
}

async function openDemo(): Promise<Upstream> {
  // Loaded only where it answers: an installation with a real model has no use for it.
  const { startDemo } = await import("../demo/server.js");
  const demo = await startDemo();
  const client = createClient({
    baseUrl: demo.url,
    apiKey: demo.apiKey,
    flavor: "deepseek",
    clocks: config.deepseek.clocks,
  });

  return {
    client,
    close: async () => {
      await client.close();
      await demo.close();
    },
  };
}

function openReal(): Upstream {
  const client = createClient({
    baseUrl: config.deepseek.baseUrl ?? DEEPSEEK_URL,
    apiKey: config.deepseek.apiKey ?? undefined,
    flavor: isDeepSeek() ? "deepseek" : "generic",
    clocks: config.deepseek.clocks,
    breaker: BREAKER,
    onCircuit,
  });

  return { client, close: () => client.close() };
}

function onCircuit({ state, failure }: Circuit) {
  if (state === "open")
    log.warn({ failure }, "the upstream is down; nothing is sent until it is back");
  else log.info("the upstream is back");
}
