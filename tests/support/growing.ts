import { applyPatch } from "./apply-patch.js";
import type { StreamEvent } from "./visitor.js";

/** What a browser holds of a growing answer. */
export interface Held {
  reasoning: string[];
  answer: string[];
}

export const NOTHING: Held = { reasoning: [], answer: [] };

/** What a browser holds after these events. */
export function held(events: StreamEvent[], before: Held = NOTHING): Held {
  return events.reduce(afterEvent, before);
}

function afterEvent(before: Held, { event, data }: StreamEvent): Held {
  switch (event) {
    case "snapshot":
      return { reasoning: data.reasoning, answer: data.answer };
    case "patch":
      return {
        reasoning: applyPatch(before.reasoning, data.reasoning ?? null),
        answer: applyPatch(before.answer, data.answer ?? null),
      };
    default:
      return before;
  }
}
