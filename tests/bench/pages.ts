import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Visitor } from "../support/visitor.js";

const AT_ONCE = 8;
const FOR_MS = 3_000;

/** How many pages a second a few readers get who ask again and again. */
export async function pagesPerSecond(visitor: Visitor, path: string): Promise<number> {
  const until = performance.now() + FOR_MS;
  let pages = 0;

  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (performance.now() < until) {
        await visitor.get(path);
        pages += 1;
      }
    }),
  );

  return (1000 * pages) / FOR_MS;
}

/** What the machine can do at all: node:http with the same bytes. */
export async function bareServer(html: string) {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/html" }).end(html);
  }).listen(0, "127.0.0.1");

  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, close: () => void server.close() };
}
