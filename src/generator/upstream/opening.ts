import { config } from "../../config.js";
import type { BreakerRules } from "../../deepseek/breaker.js";
import { createClient } from "../../deepseek/client.js";
import type { ClientOptions, DeepSeekClient } from "../../deepseek/types.js";
import { log } from "../../lib/log.js";
import type { Dialect, Provider } from "../../models/providers.js";
import { ModelList } from "./model-list.js";
import { type Trouble, troubleOf } from "./trouble.js";

/** Why a server takes nobody's question until an administrator mends it. */
export type Refusal = "unauthorized" | "no_credit";

/** A model's server that is asked: the settings' own, or one that an administrator has added. */
export interface Upstream {
  /** null: the settings' own. */
  readonly id: string | null;
  readonly client: DeepSeekClient;
  readonly list: ModelList;
  readonly isDemo: boolean;
  readonly isDeepSeek: boolean;
  /** null once it has taken a question. */
  refusal: Refusal | null;
  /** What is wrong with it, in words for administrators. */
  troubleOf(error: unknown): Trouble;
  close(): Promise<void>;
}

type Server = Pick<ClientOptions, "baseUrl" | "apiKey" | "flavor" | "breaker">;

const DEEPSEEK_URL = "https://api.deepseek.com";

// Five are two questions with their retries; a server that is back is found within half a minute.
const BREAKER: BreakerRules = { mostFailures: 5, pauseMs: 5_000, longestPauseMs: 20_000 };

/** A server of one's own needs no key, so either setting means a real model. */
export function isDemo(): boolean {
  return config.deepseek.apiKey === null && config.deepseek.baseUrl === null;
}

/** The base URL of the settings' own server. */
export function ownAddress(): string {
  return config.deepseek.baseUrl ?? DEEPSEEK_URL;
}

/** Where questions are sent by default, as an administrator would name it. */
export function ownHost(): string {
  return isDemo() ? "this server" : new URL(ownAddress()).host;
}

export function openOwn(): Promise<Upstream> | Upstream {
  if (isDemo()) return openDemo();

  const { apiKey, dialect } = config.deepseek;
  return opened(null, serverAt(ownAddress(), dialect, apiKey));
}

export function openAdded({ id, baseUrl, dialect }: Provider, apiKey: string | null): Upstream {
  return opened(id, serverAt(baseUrl, dialect, apiKey));
}

async function openDemo(): Promise<Upstream> {
  // Loaded only where it answers: an installation with a real model has no use for it.
  const { startDemo } = await import("../../demo/server.js");
  const demo = await startDemo();
  const upstream = opened(null, { baseUrl: demo.url, apiKey: demo.apiKey, flavor: "deepseek" });

  return {
    ...upstream,
    isDemo: true,
    close: async () => {
      await upstream.close();
      await demo.close();
    },
  };
}

function opened(id: string | null, server: Server): Upstream {
  const { baseUrl, apiKey, flavor } = server;
  const client = createClient({
    ...server,
    clocks: config.deepseek.clocks,
    onCircuit: ({ state, failure }) => noteCircuit({ upstream: id ?? "default", failure }, state),
  });

  return {
    id,
    client,
    list: new ModelList(client, id ?? "default"),
    isDemo: false,
    isDeepSeek: flavor === "deepseek",
    refusal: null,
    troubleOf: (error) => troubleOf(error, { baseUrl, hasKey: apiKey !== undefined }),
    close: () => client.close(),
  };
}

function serverAt(baseUrl: string, dialect: Dialect, apiKey: string | null): Server {
  const isDeepSeek = dialect === "auto" ? isDeepSeeks(baseUrl) : dialect === "deepseek";
  return {
    baseUrl,
    apiKey: apiKey ?? undefined,
    flavor: isDeepSeek ? "deepseek" : "generic",
    breaker: BREAKER,
  };
}

function isDeepSeeks(baseUrl: string): boolean {
  return /(^|\.)deepseek\.com$/.test(new URL(baseUrl).hostname);
}

function noteCircuit(details: object, state: string) {
  if (state === "open") log.warn(details, "the upstream is down; nothing is sent until it is back");
  else log.info(details, "the upstream is back");
}
