import { z } from "zod";
import { spokenNumber } from "../lib/spoken.js";
import { t } from "../lib/texts.js";
import { titleField } from "./conversation.js";
import { read } from "./form.js";
import { readRowId } from "./paging.js";
import { newPassword } from "./registration.js";

/** As many as stand on a page. */
const MOST_MESSAGES = 300;
const MOST_VIEWS = 100_000;
const NONE = t("Choose at least one message.");
const LIFETIMES = ["1", "7", "30", "never"] as const;
const VIEWS = t("Give a whole number from 1 to {most}, or nothing.", {
  most: spokenNumber(MOST_VIEWS),
});

const choice = {
  ids: z
    .unknown()
    .transform(chosenIn)
    .pipe(z.array(z.number()).min(1, NONE).max(MOST_MESSAGES, t("That is too much at once."))),
  reasoning: box(),
  files: box(),
};

const viewLimit = z
  .union(
    [
      z.literal("").transform(() => null),
      z.coerce.number().int(VIEWS).min(1, VIEWS).max(MOST_VIEWS, VIEWS),
    ],
    VIEWS,
  )
  .default(null);

export const KEPT_CHOICE = ["reasoning", "files"];
export const KEPT = ["title", "days", "views", "reasoning", "files", "name"];

/** What is to be seen, and under which conditions. */
export function shareForm(input: unknown, passwordMinLength: number) {
  const schema = z
    .object({
      ...choice,
      title: titleField(),
      name: box(),
      days: z.enum(LIFETIMES, t("Choose one of these.")),
      password: z.literal("").or(newPassword(passwordMinLength)).default(""),
      views: viewLimit,
    })
    .transform(({ ids, reasoning, files, title, name, days, password, views }) => ({
      messages: ids,
      showsReasoning: reasoning,
      showsFiles: files,
      title,
      showsName: name,
      days: days === "never" ? null : Number(days),
      password: password || null,
      viewLimit: views,
    }));

  return read(schema, input, KEPT);
}

/** What is to be seen instead of what was chosen before. */
export function shareChoiceForm(input: unknown) {
  const schema = z.object(choice).transform(({ ids, reasoning, files }) => ({
    ...{ messages: ids, showsReasoning: reasoning, showsFiles: files },
  }));

  return read(schema, input, KEPT_CHOICE);
}

/** The messages that were ticked, one or several, whatever else is wrong with the form. */
export function chosenIn(input: unknown): number[] {
  const ids = (Array.isArray(input) ? input : [input]).map(readRowId);
  return [...new Set(ids.filter((id) => id !== null))];
}

// A box that is not ticked is not sent.
function box() {
  return z
    .literal("on")
    .optional()
    .transform((ticked) => ticked === "on");
}
