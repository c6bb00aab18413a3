import { actionsOf, type Outcome, outcomeOf } from "./outcomes.js";

interface Question {
  id: number;
  role: "question";
  text: string;
}

interface Answer {
  id: number;
  role: "answer";
  ending: Ended | null;
}

interface Ended {
  state: string;
  failure: string | null;
  finishReason: string | null;
  body: string;
  html: string;
  reasoningHtml: string;
  thoughtForMs: number | null;
}

interface Growing {
  html: string;
  reasoningHtml: string;
  progress: string;
  thoughtForMs: number | null;
}

export interface TemporaryView {
  id: number;
  conversationId: string;
  role: "question" | "answer";
  isRunning: boolean;
  text: string;
  html: string;
  reasoningHtml: string;
  thoughtForMs: number | null;
  progress: string;
  outcome: Outcome | null;
  retry: boolean;
}

const NOTHING = { html: "", reasoningHtml: "", thoughtForMs: null, progress: "" };

/** A message of a temporary conversation as it is shown; `growing` is what its running answer has by now. */
export function temporaryView(
  conversationId: string,
  message: Question | Answer,
  growing: Growing | null,
): TemporaryView {
  const { id, role } = message;
  const common = { ...NOTHING, id, conversationId, role, text: "", outcome: null, retry: false };
  if (message.role === "question") return { ...common, text: message.text, isRunning: false };
  if (message.ending === null) return { ...common, ...growing, isRunning: true };

  const { ending } = message;
  const { html, reasoningHtml, thoughtForMs } = ending;
  const ended = { ...ending, bytes: ending.body.length };
  return {
    ...common,
    ...{ html, reasoningHtml, thoughtForMs, isRunning: false },
    outcome: outcomeOf(ended),
    retry: actionsOf(ended).retry,
  };
}
