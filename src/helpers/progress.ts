import { escapeHtml } from "../lib/html.js";
import { t } from "../lib/texts.js";
import { failureSentence } from "./outcomes.js";

interface Progress {
  phase: "sending" | "queued" | "retrying" | "thinking" | "writing" | "ended";
  seconds: number;
  retry: { attempt: number; failure: string } | null;
  saved: boolean;
}

const NOT_SAVED = t(
  "Not saved yet: the server cannot write to its disk at this moment. It is saved as soon as that works again.",
);

const WAITING = t("The answer waits for the server, and goes on as soon as it can.");

/** The line above a growing answer: what is being waited for, and for how long. Empty while it writes. */
export function progressHtml(progress: Progress, model: string): string {
  const text = progressText(progress, model);
  return text === "" ? "" : line(text);
}

/** The line above an answer that is not over, while nothing writes it. */
export function waitingHtml(): string {
  return line(WAITING);
}

function line(text: string): string {
  return (
    '<span class="progress"><span class="progress__dot" aria-hidden="true"></span>' +
    `<span>${escapeHtml(text)}</span></span>`
  );
}

export function progressText(progress: Progress, model: string): string {
  const doing = doingText(progress, model);
  if (progress.saved) return doing;

  const said = progress.phase === "ended" ? t("The answer has ended.") : doing;
  return said === "" ? NOT_SAVED : `${said} ${NOT_SAVED}`;
}

function doingText({ phase, seconds, retry }: Progress, model: string): string {
  switch (phase) {
    case "sending":
      return seconds < 2
        ? t("Asking {model}…", { model })
        : t("Waiting for {model}, {seconds} s", { model, seconds });
    case "queued":
      return t("Waiting for {model}, {seconds} s in its queue", { model, seconds });
    case "retrying":
      return t("{failure} Trying again (attempt {attempt})…", {
        failure: failureSentence(retry?.failure ?? null),
        attempt: (retry?.attempt ?? 1) + 1,
      });
    case "thinking":
      return seconds < 2 ? t("Thinking…") : t("Thinking, {seconds} s", { seconds });
    case "writing":
    case "ended":
      return "";
  }
}
