import { t } from "../lib/texts.js";

/** How an answer ended, as a sentence, and what the person can do about it. */
export interface Outcome {
  kind: "notice" | "warning" | "danger";
  text: string;
}

interface Ended {
  state: string | null;
  failure: string | null;
  finishReason: string | null;
  bytes: number;
}

const FAILURES: Record<string, string> = {
  down: t(
    "The model's server is down, so your question was kept and not sent on. It is looked for every few seconds: try again in a moment.",
  ),
  unreachable: t("The model's server could not be reached."),
  insecure: t(
    "The connection to the model's server is not secure, so nothing was sent. Please tell your administrator.",
  ),
  unauthorized: t(
    "The model's server does not accept this installation's key. Please tell your administrator.",
  ),
  no_credit: t("The account for the model has no credit left. Please tell your administrator."),
  refused: t("The model's server refused this request."),
  too_long: t(
    "This conversation is too long for the model. Start a new one, or ask for less at once.",
  ),
  unknown_model: t(
    "The model's server does not know this model. Ask another one, or tell your administrator.",
  ),
  busy: t("The model's server has too many requests at this moment."),
  overloaded: t("The model's server is out of resources at this moment."),
  upstream_error: t("The model's server had an error of its own."),
  no_answer: t("The model's server did not begin to answer in time."),
  stalled: t("The model's server stopped in the middle of the answer."),
  took_too_long: t("The answer took longer than is allowed."),
  cut_off: t("The connection to the model ended before the answer did."),
  too_large: t("The answer grew larger than is allowed."),
  protocol: t(
    "The model's server sent something that is no answer. Please tell your administrator.",
  ),
  empty_answer: t("The model sent an empty answer."),
  provider_gone: t("The provider of this model was removed. Choose another model, then try again."),
  provider_off: t(
    "The provider of this model was switched off. Choose another model, then try again.",
  ),
  key_unreadable: t(
    "The provider of this model cannot be asked until an administrator enters its key again.",
  ),
  restart: t("The server was restarted while this was being written."),
  gone: t("This answer was ended by an administrator."),
  internal: t("Something went wrong on our side."),
};

const THOUGHTS_ALONE = t("The model thought about it, and then answered nothing.");

const FINISHES: Record<string, string> = {
  length: t("The answer reached the longest length that the model writes at once."),
  content_filter: t("The model's provider cut this answer because of its content rules."),
  other: t("The model ended this answer for a reason of its own."),
  tool_calls: t("The model wanted to use a tool, and there is none here."),
};

export function outcomeOf({ state, failure, finishReason, bytes }: Ended): Outcome | null {
  if (state === "stopped") return { kind: "notice", text: t("You stopped this answer.") };
  if (state === "failed") return { kind: "danger", text: failureSentence(failure) };
  if (state === "interrupted") return { kind: "warning", text: failureSentence(failure) };

  const finish = FINISHES[finishReason ?? ""];
  if (finish) return { kind: "notice", text: finish };
  return state === "complete" && bytes === 0 ? { kind: "danger", text: THOUGHTS_ALONE } : null;
}

export function actionsOf({ state, finishReason, bytes }: Ended) {
  const wasCut = state === "stopped" || state === "interrupted" || finishReason === "length";
  const isEnded = state !== "running" && state !== null;

  return {
    copy: bytes > 0,
    continue: isEnded && wasCut && bytes > 0,
    retry: isEnded && bytes === 0,
    regenerate: isEnded && bytes > 0,
  };
}

export function failureSentence(failure: string | null): string {
  return FAILURES[failure ?? "internal"] ?? t("Something went wrong on our side.");
}
