import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { directed } from "./fake-deepseek/directives.js";
import { answer, type Exchange, type Scenario, status } from "./fake-deepseek/scenarios.js";
import { lastQuestion } from "./fake-deepseek/wire.js";

export * from "./fake-deepseek/scenarios.js";

/** A DeepSeek on the loopback, for every suite: pleasant when left alone, as bad as told otherwise. */
export interface FakeDeepSeek {
  /** The base URL to give to the application. */
  url: string;
  /** Every chat request, in order. */
  requests: FakeRequest[];
  /** Every request for a title of a conversation, which is none of `requests`. */
  titleRequests: FakeRequest[];
  /** What each of them gets. */
  titles: Scenario;
  /** Every GET /models. */
  modelRequests: FakeRequest[];
  /** The answer to GET /models: the body, or a scenario. */
  models: Record<string, unknown> | Scenario;
  /** Every GET /user/balance, and the answer to it. */
  balanceRequests: FakeRequest[];
  balance: Record<string, unknown> | Scenario;
  /** What the coming chat requests get, one scenario each, before any directive. */
  next(...scenarios: Scenario[]): void;
  /** The directive with which a question gets these: one for each attempt, the last one again and again. */
  directive(...scenarios: Scenario[]): string;
  /** Drops what was asked so far and what was queued: a fresh start for the next test. */
  forget(): void;
  /** Lets go of every answer that `chaos:hold@n` holds. */
  release(): void;
  close(): Promise<void>;
}

export interface FakeRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it as they like
  body: any;
  /** When the exchange was over (performance.now()), however it ended. */
  closedAt: number | null;
  /** The client went away before the answer was whole. */
  abandoned: boolean;
}

export const FAKE_MODEL = {
  id: "deepseek-flash",
  object: "model",
  owned_by: "deepseek",
  name: "DeepSeek Flash",
  context_window: 1_048_576,
  max_output_tokens: 393_216,
  input_modalities: ["text", "image"],
  effort: { supported_levels: ["low", "high", "max"], default_level: "high" },
};

export const FAKE_PRO = {
  id: "deepseek-v4-pro",
  object: "model",
  owned_by: "deepseek",
  name: "DeepSeek V4 Pro",
  context_window: 131_072,
  max_output_tokens: 65_536,
  input_modalities: ["text"],
};

export async function startFakeDeepSeek(
  options: { tokenMs?: number; host?: string; always?: Scenario } = {},
): Promise<FakeDeepSeek> {
  const { host = "127.0.0.1" } = options;
  const requests: FakeRequest[] = [];
  const queue: Scenario[] = [];
  const held = new Set<() => void>();
  const given: Scenario[][] = [];

  const server = createServer(async (req, res) => {
    const request = await received(req);
    const exchange: Exchange = { request, res, gone: watched(request, res) };
    await take(request)(exchange).catch((error: unknown) => {
      if (!exchange.gone.aborted) throw error;
    });
  });

  function take(request: FakeRequest): Scenario {
    if (request.path.endsWith("/models")) {
      fake.modelRequests.push(request);
      return told(fake.models);
    } else if (request.path.endsWith("/user/balance")) {
      fake.balanceRequests.push(request);
      return told(fake.balance);
    } else if (isForTitle(request)) {
      fake.titleRequests.push(request);
      return fake.titles;
    } else {
      requests.push(request);
      return chatAnswer(request);
    }
  }

  function told(answer: Record<string, unknown> | Scenario): Scenario {
    return typeof answer === "function" ? answer : status(200, answer);
  }

  function chatAnswer(request: FakeRequest): Scenario {
    const { always, tokenMs } = options;
    return always ?? queue.shift() ?? directed(request, { held, given }) ?? answer({ tokenMs });
  }

  server.listen(0, host);
  await once(server, "listening");

  const fake: FakeDeepSeek = {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    requests,
    titleRequests: [],
    titles: answer({ content: "A title by the model", reasoning: "" }),
    modelRequests: [],
    models: { object: "list", data: [FAKE_MODEL] },
    balanceRequests: [],
    balance: {
      is_available: true,
      balance_infos: [
        {
          currency: "USD",
          total_balance: "110.00",
          granted_balance: "10.00",
          topped_up_balance: "100.00",
        },
      ],
    },
    next: (...scenarios) => void queue.push(...scenarios),
    directive: (...scenarios) => `chaos:given@${given.push(scenarios) - 1}`,
    forget: () => {
      requests.length = 0;
      fake.modelRequests.length = 0;
      fake.balanceRequests.length = 0;
      fake.titleRequests.length = 0;
      queue.length = 0;
    },
    release: () => {
      for (const release of held) release();
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
  return fake;
}

function isForTitle({ body }: FakeRequest): boolean {
  return /^Name the conversation below/.test(lastQuestion(body));
}

function watched(request: FakeRequest, res: ServerResponse): AbortSignal {
  const gone = new AbortController();
  res.on("close", () => {
    request.closedAt = performance.now();
    request.abandoned = !res.writableFinished;
    gone.abort();
  });
  return gone.signal;
}

/** The requests whose last question holds this text. */
export function requestsFor({ requests }: FakeDeepSeek, text: string): FakeRequest[] {
  return requests.filter(({ body }) => lastQuestion(body).includes(text));
}

/** Waits until the fake noticed that the request is over; when that was (performance.now()). */
export async function closed(request: FakeRequest | undefined, withinMs = 2000): Promise<number> {
  const until = performance.now() + withinMs;
  while (request?.closedAt == null) {
    if (performance.now() > until) throw new Error("The request is still open.");
    await pause(2);
  }
  return request.closedAt;
}

async function received(req: IncomingMessage): Promise<FakeRequest> {
  const text = Buffer.concat(await req.toArray()).toString();

  return {
    method: req.method ?? "",
    path: req.url ?? "",
    headers: req.headers,
    body: text === "" ? null : JSON.parse(text),
    closedAt: null,
    abandoned: false,
  };
}
