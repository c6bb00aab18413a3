import { config } from "../config.js";
import type { Circuit } from "../deepseek/breaker.js";
import { createClient } from "../deepseek/client.js";
import type { DeepSeekClient } from "../deepseek/types.js";
import { log } from "../lib/log.js";

interface Upstream {
  client: DeepSeekClient;
  close(): Promise<void>;
}

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

/** Whether an answer can be gone on with from its last word, without asking the model in words. */
export function completesPrefixes(): boolean {
  return isDemo() || isDeepSeek();
}

function isDeepSeeksAddress(): boolean {
  return /(^|\.)deepseek\.com$/.test(new URL(config.deepseek.baseUrl ?? DEEPSEEK_URL).hostname);
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
