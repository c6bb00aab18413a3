import type { Event } from "../history.js";

/** One request to the upstream: a text, or the rest of one. */
export interface Telling {
  request: number;
  text: number;
  tag: string;
  from: number;
  askedAt: number;
  closedAt: number;
  sent: { at: number; thought: number; length: number }[];
}

export function tellingsOf(events: Event[]): Telling[] {
  const tellings = new Map<number, Telling>();
  for (const event of events) {
    if (event.type === "asked") {
      const { request, text, tag, from, at } = event;
      const telling = { request, text, tag, from, askedAt: at, sent: [] };
      tellings.set(request, { ...telling, closedAt: Number.POSITIVE_INFINITY });
    }
    if (event.type === "sent") tellings.get(event.request)?.sent.push(event);
    if (event.type === "killed") {
      for (const telling of tellings.values()) close(telling, event.at);
    }
    const telling = event.type === "closed" && tellings.get(event.request);
    if (telling) close(telling, event.at);
  }
  return [...tellings.values()];
}

function close(telling: Telling, at: number) {
  telling.closedAt = Math.min(telling.closedAt, at);
}
