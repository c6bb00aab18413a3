import { plural, t } from "../lib/texts.js";
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
  off: { kind: "notice", text: t("Switched off: its models cannot be chosen.") },
  key_unreadable: {
    kind: "danger",
    text: t(
      "Its key cannot be read: enter it again. That happens where a database comes back without its secrets.",
    ),
  },
  unauthorized: {
    kind: "danger",
    text: t("It does not accept the key, so nobody gets an answer from it. Enter a valid one."),
  },
  no_credit: {
    kind: "danger",
    text: t(
      "Its account has no credit left, so nobody gets an answer from it. Top it up; the next question finds out by itself.",
    ),
  },
  unknown: { kind: "notice", text: t("It has not told its models yet.") },
};

export function conditionView(condition: Condition): ConditionView {
  const { state, models } = condition;
  if (state === "down") return { kind: "warning", text: downText(condition) };
  if (state === "unlisted") return { kind: "warning", text: troubleText(condition) };
  if (state === "answers" && models === 0)
    return { kind: "warning", text: t("It answers, but lists no models. Name them yourself.") };

  return STATES[state] ?? { kind: "success", text: answerText(models) };
}

function answerText(models: number): string {
  return plural(models, "It answers, with one model.", "It answers, with {count} models.", {
    count: count(models),
  });
}

function downText({ retryInMs, ...condition }: Condition): string {
  const down =
    retryInMs === null
      ? t("It is down, and tried again now.")
      : t("It is down, and tried again in {seconds} s.", {
          seconds: Math.max(1, Math.ceil(retryInMs / 1000)),
        });
  return `${down} ${troubleText(condition)}`.trim();
}

function troubleText({ trouble }: Pick<Condition, "trouble">): string {
  return trouble ? t("{what} {mend}.", { ...trouble }) : "";
}
