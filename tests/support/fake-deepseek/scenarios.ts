import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setImmediate as immediate, setTimeout as pause } from "node:timers/promises";
import type { FakeRequest } from "../fake-deepseek.js";
import * as wire from "./wire.js";

export * as wire from "./wire.js";

/** One chat request, in the hands of a scenario. */
export interface Exchange {
  request: FakeRequest;
  res: ServerResponse;
  /** Aborted when the exchange is over; waiting with it ends then. */
  gone: AbortSignal;
}

export type Scenario = (exchange: Exchange) => Promise<void>;

export interface AnswerOptions {
  content?: string;
  reasoning?: string;
  finish?: string | null;
  usage?: object | null;
  done?: boolean;
  /** Between two tokens. */
  tokenMs?: number;
}

/** A whole answer in DeepSeek's dialect; without a text of its own it echoes the question. */
export function answer(options: AnswerOptions = {}): Scenario {
  return (exchange) => stream(wire.deepseek(exchange.request.body, options), options)(exchange);
}

/** The given chunks, one write each: strings and bytes as they are, objects as events. */
export function stream(
  chunks: Iterable<wire.Chunk> | AsyncIterable<wire.Chunk>,
  { tokenMs = 0 } = {},
): Scenario {
  return async ({ res, gone }) => {
    begin(res);
    for await (const chunk of chunks) {
      await write(res, wire.encoded(chunk), gone);
      if (tokenMs > 0) await pause(tokenMs, undefined, { signal: gone });
    }
    res.end();
  };
}

export interface Held {
  (exchange: Exchange): Promise<void>;
  /** Lets the rest of the answer come. */
  release(): void;
}

/** Sends these tokens, then waits for `release()`; then the rest, and a proper end. */
export function hold(tokens: string[], rest: string[] = []): Held {
  const released = resolvers();

  const scenario = async ({ res, gone }: Exchange) => {
    begin(res);
    await write(res, wire.events(wire.opening(), ...tokens.map(wire.content)), gone);
    await Promise.race([released.promise, once(gone, "abort")]);
    await write(res, wire.events(...rest.map(wire.content), wire.finish("stop"), wire.DONE), gone);
    res.end();
  };
  return Object.assign(scenario, { release: () => released.resolve() });
}

export interface Ticking {
  (exchange: Exchange): Promise<void>;
  /** What was sent so far. */
  text(): string;
  /** Ends the answer properly. */
  stop(): void;
}

/** Numbered tokens at a steady pace until `stop()`. */
export function ticking(everyMs: number, ticksPerParagraph = 20): Ticking {
  let text = "";
  let isOver = false;

  const scenario = async ({ res, gone }: Exchange) => {
    begin(res);
    for (let tick = 1; !isOver; tick += 1) {
      const token = `tick${tick}${tick % ticksPerParagraph === 0 ? "\n\n" : " "}`;
      await write(res, wire.events(wire.content(token)), gone);
      text += token;
      await pause(everyMs, undefined, { signal: gone });
    }
    await write(res, wire.events(wire.finish("stop"), wire.DONE), gone);
    res.end();
  };
  return Object.assign(scenario, {
    text: () => text,
    stop: () => {
      isOver = true;
    },
  });
}

/** Bytes as they are, headers included, and then the end of the connection, or nothing more. */
export function raw(bytes: string | Buffer, { ends = true } = {}): Scenario {
  return async ({ res, gone }) => {
    const { socket } = res;
    socket?.write(bytes);
    if (ends) socket?.end();
    else await once(gone, "abort");
  };
}

/** Keep-alive comments, then the answer. */
export function queued(comments: number, { everyMs = 10, next = answer() } = {}): Scenario {
  return async (exchange) => {
    begin(exchange.res);
    for (let sent = 0; sent < comments; sent++) {
      await write(exchange.res, wire.KEEP_ALIVE, exchange.gone);
      await pause(everyMs, undefined, { signal: exchange.gone });
    }
    await next(exchange);
  };
}

/** An error response; an object is sent as JSON, a string as it is. */
export function status(
  code: number,
  body: object | string = wire.complaint(`Fake ${code}`),
  headers: Record<string, string | string[]> = {},
): Scenario {
  return async ({ res }) => {
    const isJson = typeof body === "object";
    res.writeHead(code, { "content-type": isJson ? "application/json" : "text/plain", ...headers });
    res.end(isJson ? JSON.stringify(body) : body);
  };
}

export function redirect(location: string, code = 307): Scenario {
  return status(code, "", { location });
}

export function htmlPage(code = 200): Scenario {
  const page = "<!doctype html><title>Wi-Fi</title><script>alert(1)</script><p>Please log in";
  return status(code, page, { "content-type": "text/html" });
}

/** The answer up to the nth byte, then the connection ends: "fin" politely, "rst" not. */
export function cutAt(bytes: number, how: "fin" | "rst", options: AnswerOptions = {}): Scenario {
  return async ({ request, res, gone }) => {
    const whole = Buffer.concat([...wire.deepseek(request.body, options)].map(wire.encoded));
    begin(res);
    await write(res, whole.subarray(0, bytes), gone);
    hangUp(res, how);
  };
}

/** So many tokens of an answer, then the connection ends. */
export function cutAfter(tokens: number, how: "fin" | "rst"): Scenario {
  return async ({ res, gone }) => {
    if (tokens > 0) {
      begin(res);
      await write(res, wire.events(wire.opening(), ...wire.numbered(tokens)), gone);
      // Else the reset overtakes the text on its way.
      await pause(20);
    }
    hangUp(res, how);
  };
}

/** A clean end of the body (by its last chunk) without finish reason and [DONE]. */
export function endsEarly(tokens: number): Scenario {
  return stream([wire.opening(), ...wire.numbered(tokens)]);
}

/** So many tokens, then nothing but, if wished, comments. Without tokens not even headers, unless there are comments. */
export function stall(tokens: number, { commentsMs = 0 } = {}): Scenario {
  return async ({ res, gone }) => {
    if (tokens > 0 || commentsMs > 0) begin(res);
    if (tokens > 0) await write(res, wire.events(wire.opening(), ...wire.numbered(tokens)), gone);
    while (commentsMs > 0) {
      await write(res, wire.KEEP_ALIVE, gone);
      await pause(commentsMs, undefined, { signal: gone });
    }
    await once(gone, "abort");
  };
}

/** The answer in writes of so many bytes. */
export function drip(
  bytes: number,
  { everyMs = 1, ...options }: AnswerOptions & { everyMs?: number } = {},
): Scenario {
  return async (exchange) => {
    const whole = Buffer.concat(
      [...wire.deepseek(exchange.request.body, options)].map(wire.encoded),
    );
    const parts = Array.from({ length: Math.ceil(whole.length / bytes) }, (_, index) =>
      whole.subarray(index * bytes, (index + 1) * bytes),
    );
    await stream(parts, { tokenMs: everyMs })(exchange);
  };
}

/** Tokens without end, as fast as they are taken. */
export function endless(token = "more and more "): Scenario {
  return async ({ res, gone }) => {
    begin(res);
    const many = wire.events(...Array<object>(500).fill(wire.content(token)));
    while (!gone.aborted) {
      await write(res, many, gone);
      // A reader that is quick enough would keep this process from everything else.
      await immediate();
    }
  };
}

/** One event of so many bytes, or one line that never ends. */
export function giantEvent(bytes: number): Scenario {
  return stream(wire.giant(bytes));
}

export function garbage(): Scenario {
  return stream(["lorem ipsum\n\u0000\u0001\n\n{]\r\rretry: never\n\ndata: {]\n\n"]);
}

/** JSON after blank lines, from servers that do not stream. */
export function unstreamed(body: object, blankLines = 3): Scenario {
  return stream([..."\n".repeat(blankLines), JSON.stringify(body)]);
}

function begin(res: ServerResponse): void {
  if (res.headersSent) return;
  res.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
  res.flushHeaders();
}

async function write(
  res: ServerResponse,
  bytes: string | Buffer,
  gone: AbortSignal,
): Promise<void> {
  gone.throwIfAborted();
  if (!res.write(bytes)) await once(res, "drain", { signal: gone });
}

function hangUp(res: ServerResponse, how: "fin" | "rst"): void {
  if (how === "rst") res.socket?.resetAndDestroy();
  else res.socket?.end();
}

/** A promise with its own end, as Promise.withResolvers makes one from Node 22 on. */
export function resolvers() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
