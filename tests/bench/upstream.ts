import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export const TOKENS_PER_ANSWER = 300;
const TOKENS_PER_WRITE = 3;
const WRITE_EVERY_MS = 100;

/**
 * A lean upstream: three tokens in one write each 100 ms for every answer, or it would be the
 * bottleneck. Each write begins with its time, so that a reader can tell how long it travelled.
 */
export async function startUpstream() {
  const writing = new Map<ServerResponse, number>();
  const timer = setInterval(() => writeToAll(writing), WRITE_EVERY_MS);
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;

    response.writeHead(200, { "content-type": "text/event-stream" });
    if (body.includes("(instant)"))
      finish(response, "An instant answer, with **bold** and `code`.");
    else writing.set(response, 0);
    response.on("close", () => writing.delete(response));
  }).listen(0, "127.0.0.1");

  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      clearInterval(timer);
      server.closeAllConnections();
      server.close();
    },
  };
}

function writeToAll(writing: Map<ServerResponse, number>) {
  const now = Date.now();

  for (const [response, sent] of writing) {
    const tokens = [`t${now} `, "some ", "words. ".padEnd(7)];
    response.write(tokens.map(event).join(""));
    if (sent + TOKENS_PER_WRITE >= TOKENS_PER_ANSWER) finish(response, "");
    else writing.set(response, sent + TOKENS_PER_WRITE);
  }
}

function finish(response: ServerResponse, text: string) {
  const last = { choices: [{ index: 0, delta: { content: text }, finish_reason: "stop" }] };
  response.end(`data: ${JSON.stringify(last)}\n\ndata: [DONE]\n\n`);
}

function event(content: string): string {
  return `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`;
}
