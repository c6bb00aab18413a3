import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isSame, randomToken } from "../lib/tokens.js";
import { completer } from "./completion.js";
import { TOKENS_PER_SECOND } from "./pace.js";
import { Refusal, refusals } from "./refusals.js";
import { readRequest } from "./request.js";
import { sendStream } from "./stream.js";
import { modelList, wholeAnswer } from "./wire.js";

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
    if (bytes <= MOST_BYTES) parts.push(part);
  }

  // Read to its end all the same: while somebody still sends, a refusal may not reach them.
  if (bytes > MOST_BYTES) throw refusals.tooLarge();
  return Buffer.concat(parts).toString();
}

function sendJson(response: ServerResponse, status: number, body: object) {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(body));
}

async function close(server: Server) {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
