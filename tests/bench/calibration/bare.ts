import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { pipeline } from "node:stream";
import compression from "compression";
import ejs from "ejs";
import express from "express";
import { Agent, request as ask } from "undici";
import { root } from "../../support/root.js";
import { serve } from "../support/worker.js";

/** What the bare page says: as much as the real one, without all that makes it. */
export interface BarePage {
  title: string;
  turns: { question: string; html: string }[];
  rest: string;
}

const VIEWS = path.join(root, "tests/bench/calibration");
const TEMPLATE = path.join(VIEWS, "page.ejs");

const verbs = serve({
  /** `node:http` with the same bytes: what the machine can do at all. */
  http: ({ html }: { html: string }) =>
    listen((_request, response) => {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(html);
    }),
  express: (page: BarePage) => listen(pageApp(page)),
  expressGzip: (page: BarePage) => listen(pageApp(page, { gzip: true })),
  /** undici in, response out: every byte of the upstream goes to the reader as it is. */
  pipe: ({ upstream }: { upstream: string }) => listen(pipeTo(upstream)),
  size: (page: BarePage) => render(page).then((html) => Buffer.byteLength(html)),
});

export type BareVerbs = typeof verbs;

function pageApp(page: BarePage, { gzip = false } = {}) {
  const app = express();
  app.engine("ejs", ejs.renderFile as unknown as Parameters<typeof app.engine>[1]);
  app.set("view engine", "ejs");
  app.set("views", VIEWS);
  app.enable("view cache");
  if (gzip) app.use(compression());
  app.get("/", (_request, response) => response.render("page", page));
  return app;
}

function render(page: BarePage): Promise<string> {
  return ejs.renderFile(TEMPLATE, page);
}

function pipeTo(upstream: string): RequestListener {
  const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0 });

  return async (request, response) => {
    request.resume();
    const answer = await ask(`${upstream}/chat/completions`, {
      dispatcher,
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "bench", stream: true, messages: [] }),
    });
    response.writeHead(200, { "content-type": "text/event-stream" });
    pipeline(answer.body, response, () => {});
  };
}

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1", 8192);
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
