import type { Event, Operation } from "../history.js";

/** An operation with how it ended. */
export interface Deed {
  op: number;
  person: string;
  operation: Operation;
  invokedAt: number;
  endedAt: number | null;
  outcome: "acknowledged" | "refused" | "unknown";
  status: number;
  conversation: string | null;
  answer: number | null;
}

export type Send = Deed & { operation: Extract<Operation, { name: "send" }> };

export function deedsOf(events: Event[]): Deed[] {
  const deeds = new Map<number, Deed>();
  for (const event of events) {
    if (event.type === "invoked") deeds.set(event.op, invoked(event));
    const deed = "op" in event ? deeds.get(event.op) : undefined;
    if (!deed || event.type === "invoked") continue;

    deed.endedAt = event.at;
    if (event.type === "acknowledged") {
      const { conversation = null, answer = null } = event;
      Object.assign(deed, { outcome: "acknowledged", conversation, answer });
    }
    if (event.type === "refused") Object.assign(deed, { outcome: "refused", status: event.status });
  }
  return [...deeds.values()];
}

function invoked({ op, person, operation, at }: Extract<Event, { type: "invoked" }>): Deed {
  return {
    op,
    person,
    operation,
    invokedAt: at,
    endedAt: null,
    outcome: "unknown",
    status: 0,
    conversation: null,
    answer: null,
  };
}
