import type { ServerResponse } from "node:http";

const HEARTBEAT_MS = 15_000;
const CONGESTED_BYTES = 1024 * 1024;
const RETRY_MS = 1000;

/** Server-sent events to one reader (WHATWG HTML, "Server-sent events"), with a heartbeat every 15 s. */
export interface EventStream {
  /** Sends one event; `data` becomes one line of JSON, so nothing in it can end the event. */
  send(event: string, data: unknown, id?: string): void;
  /** True while more than 1 MiB waits for a reader that is too slow. */
  readonly congested: boolean;
  end(): void;
}

/** Turns a response into an event stream; `onClose` is called once, whoever closed it. */
export function openEventStream(response: ServerResponse, onClose: () => void): EventStream {
  response.writeHead(200, {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",
  });
  response.write(`retry: ${RETRY_MS}\n\n`);

  const heartbeat = setInterval(() => response.write(": alive\n\n"), HEARTBEAT_MS);
  response.on("close", () => {
    clearInterval(heartbeat);
    onClose();
  });

  return {
    send: (event, data, id) => void response.write(frame(event, data, id)),
    end: () => void response.end(),
    get congested() {
      return response.writableLength > CONGESTED_BYTES;
    },
  };
}

function frame(event: string, data: unknown, id?: string): string {
  const idLine = id === undefined ? "" : `id: ${id}\n`;
  return `event: ${event}\n${idLine}data: ${JSON.stringify(data)}\n\n`;
}
