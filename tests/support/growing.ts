import assert from "node:assert/strict";
import { load } from "cheerio";
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

/** The text of an answer that has ended, for whoever held this before these events. */
export function endOf(events: StreamEvent[], before: Held = NOTHING): string {
  const last = events.at(-1);
  assert.equal(last?.event, "done");
  // Whoever holds the text already is not sent it again.
  if (last?.data.held) return textOf(held(events, before).answer);
  return load(last?.data.html)(".message__body").text();
}

export function textOf(blocks: readonly string[]): string {
  return load(blocks.join(" ")).text();
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
