import { count } from "./numbers.js";

/** How a provider does, in words for administrators. */
export interface ConditionView {
  kind: "success" | "notice" | "warning" | "danger";
  text: string;
}

interface Condition {
  state: string;
  models: number;
  retryInMs: number | null;
  trouble: { what: string; mend: string } | null;
}

const STATES: Record<string, ConditionView> = {
  off: { kind: "notice", text: "Switched off: its models cannot be chosen." },
  key_unreadable: {
    kind: "danger",
    text: "Its key cannot be read: enter it again. That happens where a database comes back without its secrets.",
  },
  unauthorized: {
    kind: "danger",
    text: "It does not accept the key, so nobody gets an answer from it. Enter a valid one.",
  },
  no_credit: {
    kind: "danger",
    text: "Its account has no credit left, so nobody gets an answer from it. Top it up; the next question finds out by itself.",
  },
  unknown: { kind: "notice", text: "It has not told its models yet." },
};

export function conditionView(condition: Condition): ConditionView {
  const { state, models } = condition;
  if (state === "down") return { kind: "warning", text: downText(condition) };
  if (state === "unlisted") return { kind: "warning", text: troubleText(condition) };
  if (state === "answers" && models === 0)
    return { kind: "warning", text: "It answers, but lists no models. Name them yourself." };

  return STATES[state] ?? { kind: "success", text: answerText(models) };
}

function answerText(models: number): string {
  return `It answers, with ${models === 1 ? "one model" : `${count(models)} models`}.`;
}

function downText({ retryInMs, ...condition }: Condition): string {
  const when = retryInMs === null ? "now" : `in ${Math.max(1, Math.ceil(retryInMs / 1000))} s`;
  return `It is down, and tried again ${when}. ${troubleText(condition)}`.trim();
}

function troubleText({ trouble }: Pick<Condition, "trouble">): string {
  return trouble ? `${trouble.what} ${trouble.mend}.` : "";
}
