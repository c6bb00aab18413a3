import { createParser, type ParseError } from "eventsource-parser";

export type SseEvent =
  | { type: "event"; name: string; data: string }
  | { type: "comment" }
  /** A line of old llama.cpp that should have been an event. */
  | { type: "stray_error"; data: string }
  | { type: "garbage" }
  | { type: "oversized" };

export interface SseReader {
  feed(text: string): SseEvent[];
  end(): SseEvent[];
}

/** Text, cut anywhere, to events. After `oversized` nothing more comes. `most` is in characters. */
export function sseReader(most: number): SseReader {
  let events: SseEvent[] = [];
  let dead = false;

  const parser = createParser({
    maxBufferSize: most,
    onEvent: ({ event, data }) => events.push(eventWithin(most, event ?? "message", data)),
    onComment: () => events.push({ type: "comment" }),
    onError: (error) => events.push(...troubleOf(error)),
  });

  function feed(text: string): SseEvent[] {
    if (dead) return [];

    events = [];
    parser.feed(text);
    dead = events.some((event) => event.type === "oversized");
    return events;
  }

  // The standard throws away an event without its blank line; servers that forget it mean it all the same.
  return { feed, end: () => feed("\n\n") };
}

function eventWithin(most: number, name: string, data: string): SseEvent {
  return data.length > most ? { type: "oversized" } : { type: "event", name, data };
}

function troubleOf(error: ParseError): SseEvent[] {
  if (error.type === "max-buffer-size-exceeded") return [{ type: "oversized" }];
  if (error.field === "error") return [{ type: "stray_error", data: error.value ?? "" }];
  return error.type === "unknown-field" ? [{ type: "garbage" }] : [];
}
