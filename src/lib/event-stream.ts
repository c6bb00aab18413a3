import type { ServerResponse } from "node:http";

const HEARTBEAT_MS = 15_000;
const CONGESTED_BYTES = 1024 * 1024;
const RETRY_MS = 1000;
const UNREAD_FOR_MS = 30_000;

/** Server-sent events to one reader (WHATWG HTML, "Server-sent events"), with a heartbeat every 15 s. */
export interface EventStream {
  /** Sends one event; `data` becomes one line of JSON, so nothing in it can end the event. */
  send(event: string, data: unknown, id?: string): void;
  /** True while more than 1 MiB waits for a reader that is too slow. */
  readonly congested: boolean;
  /** Ends the stream; a reader who does not take the rest within 30 s is cut off. */
  end(): void;
}

/** Turns a response into an event stream. */
export function openEventStream(response: ServerResponse): EventStream {
  response.writeHead(200, {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",
  });
  response.write(`retry: ${RETRY_MS}\n\n`);

  const heartbeat = setInterval(() => write(response, ": alive\n\n"), HEARTBEAT_MS);
  whenClosed(response, () => clearInterval(heartbeat));

  return {
    send: (event, data, id) => write(response, frame(event, data, id)),
    end: () => end(response),
    get congested() {
      return response.writableLength > CONGESTED_BYTES;
    },
  };
}

/** Calls back once nobody reads any more: at once where that is so already, since its event does not come twice. */
export function whenClosed(response: ServerResponse, callback: () => void) {
  if (response.closed) callback();
  else response.once("close", callback);
}

// Writing after the end is an error that nobody catches.
function write(response: ServerResponse, text: string) {
  if (!response.writableEnded) response.write(text);
}

/** Ends a response; a reader who does not take the rest within 30 s is cut off. */
export function end(response: ServerResponse) {
  if (response.writableEnded) return;

  const unread = setTimeout(() => response.destroy(), UNREAD_FOR_MS);
  whenClosed(response, () => clearTimeout(unread));
  response.end();
}

function frame(event: string, data: unknown, id?: string): string {
  // What has no name is a "message", which most events are: it comes ten times a second.
  const eventLine = event === "message" ? "" : `event:${event}\n`;
  const idLine = id === undefined ? "" : `id:${id}\n`;
  return `${eventLine}${idLine}data:${JSON.stringify(data)}\n\n`;
}
