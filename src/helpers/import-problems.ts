import { t } from "../lib/texts.js";
import { count } from "./numbers.js";

type Words = (detail: string) => string;

const WORDS: Record<string, Words> = {
  // Of a file.
  broken: () => t("This file is damaged, or it is no JSON."),
  too_large: () =>
    t(
      "A conversation in this file is larger than 64 MB. One of AIFacade with large files comes in the archive of everything, where they lie beside it.",
    ),
  too_deep: () => t("This file nests deeper than any conversation does."),
  zip: () => t("This archive cannot be read: it is damaged, locked, or no export."),
  nothing: () =>
    t(
      "This archive has no conversations: there is no file conversations.json in it, and no folder of them.",
    ),
  unknown: () =>
    t(
      "There are no conversations in this file that are known here: it should be an export of AIFacade, ChatGPT, Claude, Open WebUI or LibreChat.",
    ),
  too_many: () => t("This file has too many conversations."),
  too_much: () => t("What is in this archive is too much to take in at once."),
  too_much_work: () => t("This file could not be read: it takes too much time or memory."),
  failed: () => t("Something went wrong on our side. Please try again."),
  gone: () =>
    t("Its file is not here any more. Bring it once more: what has come already is recognised."),
  // Of a conversation in it.
  unknown_program: () => t("It is no conversation of a program that is known here."),
  newer: () => t("It was written by a newer AIFacade."),
  not_ours: (place) => t("It is not as AIFacade writes it: {place}.", { place }),
  no_messages: () => t("It has no messages."),
  too_many_messages: (most) =>
    t("It has more than {count} messages.", { count: count(Number(most)) }),
  same_ids: () => t("Two of its messages have the same id."),
  circle: () => t("Its messages go round in a circle."),
  long_message: () => t("A message is longer than 4 MB."),
  empty_library: () => t("There is nothing in it."),
  no_provider: (providers) =>
    t("Not here: {providers}. The default model answers instead.", { providers }),
  again: () => t("The same is in this file before."),
  failed_alone: () => t("Something went wrong on our side. You can import it again."),
};

/** Why a file, or a conversation in it, has not come. What is stored is a reason; anything else was a sentence at once. */
export function problemWords(problem: string | null): string | null {
  if (problem === null) return null;

  const [, reason = "", detail = ""] = /^(\w+)(?:: (.*))?$/s.exec(problem) ?? [];
  const words = Object.hasOwn(WORDS, reason) ? WORDS[reason] : undefined;
  return words?.(detail) ?? problem;
}
