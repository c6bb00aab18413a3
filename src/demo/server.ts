import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isSame, randomToken } from "../lib/tokens.js";
import { type Completion, completer } from "./completion.js";
import { paced, TOKENS_PER_SECOND } from "./pace.js";
import { Refusal, refusals } from "./refusals.js";
import { type ChatRequest, readRequest } from "./request.js";
import { modelList, streamEnd, streamEvent, streamOf, wholeAnswer } from "./wire.js";

export interface Demo {
  url: string;
  /** Only who has it may ask: other programs on this machine are no readers of conversations. */
  apiKey: string;
  close(): Promise<void>;
}

interface Options {
  port?: number;
  tokensPerSecond?: number;
}

type Answering = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const MOST_BYTES = 4 * 1024 * 1024;

/** Starts the demo model: a server on loopback that speaks DeepSeek's wire format and knows some texts by heart. */
export async function startDemo(options: Options = {}): Promise<Demo> {
  const apiKey = randomToken(24);
  const answering = answers(apiKey, options.tokensPerSecond ?? TOKENS_PER_SECOND);
  const server = createServer((request, response) => void respond(answering, request, response));

  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");

  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, apiKey, close: () => close(server) };
}

function answers(apiKey: string, tokensPerSecond: number): Answering {
  const complete = completer();

  return async (request, response) => {
    authenticate(request, apiKey);

    switch (resourceOf(request)) {
      case "GET /models":
        return sendJson(response, 200, modelList());
      case "POST /chat/completions": {
        const chat = readRequest(await bodyOf(request));
        const completion = complete(chat);
        if (chat.stream) return sendStream(response, { chat, completion, tokensPerSecond });

        completion.keep();
        return sendJson(response, 200, wholeAnswer(completion));
      }
      default:
        throw refusals.notFound();
    }
  };
}

async function respond(answering: Answering, request: IncomingMessage, response: ServerResponse) {
  try {
    await answering(request, response);
  } catch (error) {
    refuse(response, error instanceof Refusal ? error : refusals.broken());
  }
}

function refuse(response: ServerResponse, { status, body }: Refusal) {
  if (response.headersSent) {
    response.destroy();
  } else {
    // What is left of a body nobody reads must not hold the connection.
    if (status === 413) response.setHeader("Connection", "close");
    sendJson(response, status, body);
  }
}

function authenticate({ headers }: IncomingMessage, apiKey: string) {
  const given = /^Bearer (\S+)$/.exec(headers.authorization ?? "")?.[1];

  if (given === undefined) throw refusals.noKey();
  if (!isSame(given, apiKey)) throw refusals.wrongKey(given);
}

// DeepSeek answers on its bare address, below /v1, and, for prefixes, below /beta.
function resourceOf({ method, url = "" }: IncomingMessage): string {
  const path = url.replace(/\?.*$/, "").replace(/^\/(v1|beta)(?=\/)/, "");
  return `${method} ${path}`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;

  for await (const part of request) {
    bytes += part.length;
    if (bytes > MOST_BYTES) throw refusals.tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

function sendJson(response: ServerResponse, status: number, body: object) {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(body));
}

interface Streaming {
  chat: ChatRequest;
  completion: Completion;
  tokensPerSecond: number;
}

async function sendStream(
  response: ServerResponse,
  { chat, completion, tokensPerSecond }: Streaming,
) {
  const signal = closingOf(response);
  response.writeHead(200, {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-cache",
  });

  try {
    const chunks = streamOf(completion, {
      thinks: chat.thinks,
      includesUsage: chat.includesUsage,
      runs: (tokens) => paced(tokens, tokensPerSecond, signal),
    });
    for await (const chunk of chunks) {
      const isKeepingUp = response.write(streamEvent(chunk));
      if (!isKeepingUp) await once(response, "drain", { signal });
    }
    completion.keep();
    response.end(streamEnd());
  } catch (error) {
    // Whoever asked has gone; there is nobody to tell.
    if (!signal.aborted) throw error;
  }
}

function closingOf(response: ServerResponse): AbortSignal {
  const closing = new AbortController();
  response.once("close", () => closing.abort());
  if (response.destroyed) closing.abort();
  return closing.signal;
}

async function close(server: Server) {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
