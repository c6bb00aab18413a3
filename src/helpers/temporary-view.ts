import { neighbours, type Siblings } from "./message-view.js";
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

/** Where a message stands, and what there is beside it. */
interface Around {
  conversationId: string;
  siblings: number[];
  /** Who wrote an answer, by name. */
  writer: string | null;
  /** Other models may be asked. */
  hasOthers: boolean;
}

export interface TemporaryView {
  id: number;
  role: "question" | "answer";
  /** Its own address, for what can be done with it. */
  path: string;
  /** Where its growing text is told. */
  source: string;
  isRunning: boolean;
  text: string;
  html: string;
  reasoningHtml: string;
  thoughtForMs: number | null;
  progress: string;
  outcome: Outcome | null;
  writer: string | null;
  siblings: Siblings | null;
  actions: { copy: boolean; retry: boolean; regenerate: boolean; choose: boolean };
}

const NOTHING = { text: "", html: "", reasoningHtml: "", thoughtForMs: null, progress: "" };
const NO_ACTIONS = { copy: false, retry: false, regenerate: false, choose: false };

/** A message of a temporary conversation as it is shown; `growing` is what it has by now, while it is running. */
export function temporaryView(
  message: Question | Answer,
  around: Around,
  growing: Growing | null,
): TemporaryView {
  const common = { ...NOTHING, ...placed(message, around), outcome: null, isRunning: false };
  if (message.role === "question") {
    return { ...common, text: message.text, actions: { ...NO_ACTIONS, copy: true } };
  }
  if (message.ending === null) return { ...common, ...growing, isRunning: true };

  const { html, reasoningHtml, thoughtForMs, ...ended } = message.ending;
  const outcome = { ...ended, bytes: ended.body.length };
  const { copy, retry, regenerate } = actionsOf(outcome);
  return {
    ...common,
    ...{ html, reasoningHtml, thoughtForMs },
    outcome: outcomeOf(outcome),
    actions: { copy, retry, regenerate, choose: around.hasOthers && (retry || regenerate) },
  };
}

function placed({ id, role }: Question | Answer, around: Around) {
  const { conversationId, siblings, writer } = around;
  const address = `/temporary/${conversationId}`;
  return {
    ...{ id, role, writer, actions: NO_ACTIONS },
    path: `${address}/messages/${id}`,
    source: `${address}/generations/${id}`,
    siblings: neighbours(id, siblings, (beside) => addressOf(conversationId, beside)),
  };
}

/** Where a message is read, along the branch that it is in. */
export function addressOf(conversationId: string, id: number): string {
  return `/temporary/${conversationId}?message=${id}#message-${id}`;
}
