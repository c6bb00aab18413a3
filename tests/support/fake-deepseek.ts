import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { directed } from "./fake-deepseek/directives.js";
import { answer, type Exchange, type Scenario } from "./fake-deepseek/scenarios.js";

export * from "./fake-deepseek/scenarios.js";

/** A DeepSeek on the loopback, for every suite: pleasant when left alone, as bad as told otherwise. */
export interface FakeDeepSeek {
  /** The base URL to give to the application. */
  url: string;
  /** Everything that was asked, in order; without GET /models. */
  requests: FakeRequest[];
  /** The answer to GET /models. */
  models: unknown;
  /** What the coming chat requests get, one scenario each, before any directive. */
  next(...scenarios: Scenario[]): void;
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
};

export async function startFakeDeepSeek(options: { tokenMs?: number } = {}): Promise<FakeDeepSeek> {
  const requests: FakeRequest[] = [];
  const queue: Scenario[] = [];
  const held = new Set<() => void>();

  const server = createServer(async (req, res) => {
    const request = await received(req);
    if (request.path.endsWith("/models") && queue.length === 0) {
      res.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(fake.models));
      return;
    }

    requests.push(request);
    const gone = new AbortController();
    res.on("close", () => {
      request.closedAt = performance.now();
      request.abandoned = !res.writableFinished;
      gone.abort();
    });

    const exchange: Exchange = { request, res, gone: gone.signal };
    const scenario =
      queue.shift() ?? directed(request, held) ?? answer({ tokenMs: options.tokenMs });
    await scenario(exchange).catch((error: unknown) => {
      if (!gone.signal.aborted) throw error;
    });
  });

  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  const fake: FakeDeepSeek = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    models: { object: "list", data: [FAKE_MODEL] },
    next: (...scenarios) => void queue.push(...scenarios),
    forget: () => {
      requests.length = 0;
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
