import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { Completion } from "./completion.js";
import { paced } from "./pace.js";
import type { ChatRequest } from "./request.js";
import { streamEnd, streamEvent, streamOf } from "./wire.js";

interface Streaming {
  chat: ChatRequest;
  completion: Completion;
  tokensPerSecond: number;
}

/** Sends an answer at the pace of reading, and of the reader; ends when whoever asked goes away. */
export async function sendStream(
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
