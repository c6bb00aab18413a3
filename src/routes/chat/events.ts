// A running answer on its way to a browser, as public/js/elements/message-stream.js reads it.
import type { Progress, RunEvent } from "../../generator/broadcast.js";
import { thoughtFor } from "../../helpers/numbers.js";
import { progressHtml } from "../../helpers/progress.js";
import type { EventStream } from "../../lib/event-stream.js";
import { isLast } from "./answer.js";

type Patch = Extract<RunEvent, { type: "patch" }>;
type Ended = Extract<RunEvent, { type: "end" }>;

/** Sends an event on, but for the last one of an answer that ended: what is sent then, the page decides. */
export function sendEvent(
  stream: EventStream,
  event: Exclude<RunEvent, Ended>,
  eventId: string,
  model: string,
) {
  if (event.type === "patch") stream.send("message", patchOnWire(event));
  else if (event.type !== "moved") stream.send(event.type, wire(event, model), eventId);
  if (isLast(event)) stream.end();
}

/** The end of an answer whose reader holds all of its text, and puts it in; a blank keeps the place of the reasoning. */
export function withoutText<T extends { html: string; reasoningHtml: string }>(message: T): T {
  return { ...message, html: "", reasoningHtml: message.reasoningHtml && " " };
}

function wire(event: RunEvent, model: string): object {
  switch (event.type) {
    case "snapshot":
      return {
        reasoning: event.reasoning,
        answer: event.answer,
        progress: progressHtml(event.progress, model),
        thoughts: thoughtsOf(event),
      };
    case "progress":
      return { html: progressHtml(event.progress, model), thoughts: thoughtsOf(event) };
    default:
      return {};
  }
}

function thoughtsOf({ progress }: { progress: Progress }): string | undefined {
  return progress.thoughtForMs === null ? undefined : thoughtFor(progress.thoughtForMs);
}

/** What public/js/lib/splices.js reads: [4, " words"], with a 1 behind where they belong to the reasoning, or all of it. */
function patchOnWire({ reasoning, answer }: Patch): object {
  const part = reasoning && answer ? null : (reasoning ?? answer);
  if (part?.insertion) return reasoning ? [...part.insertion, 1] : part.insertion;
  return { reasoning, answer };
}
