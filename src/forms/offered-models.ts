import { z } from "zod";
import { t } from "../lib/texts.js";
import { type Form, read } from "./form.js";

const LONGEST = 200;
const MOST = 1000;
const TOO_MANY = t("Offer all of them, or at most {most}.", { most: MOST });
const TOO_LONG = t("The id of a model has at most {most} characters, and no spaces around it.", {
  most: LONGEST,
});

const ids = z.array(z.string().trim().min(1).max(LONGEST, TOO_LONG)).max(MOST, TOO_MANY);

// One box that is ticked comes as a text, several as a list.
const ticked = z.preprocess((value) => [value ?? []].flat(), ids).catch([]);

const offered = z
  .object({
    offer: z.enum(["all", "chosen"]).catch("all"),
    models: ticked,
    // What the list does not have, one on each line.
    others: z.string().catch("").transform(linesOf).pipe(ids),
  })
  .transform(({ offer, models, others }) => ({
    models: offer === "all" ? null : [...new Set([...models, ...others])],
  }))
  .refine(({ models }) => models === null || models.length > 0, {
    path: ["offer"],
    message: t("Choose at least one model, or offer all of them."),
  })
  .refine(({ models }) => models === null || models.length <= MOST, {
    path: ["offer"],
    message: TOO_MANY,
  });

/** Which models of a provider are offered; null: all that its list has. */
export function offeredModelsForm(input: unknown): Form<{ models: string[] | null }> {
  return read(offered, input, ["offer", "others"]);
}

/** The boxes that were ticked, for a form that is shown again. */
export function tickedModels(input: unknown): string[] {
  return ticked.parse((input as { models?: unknown } | undefined)?.models);
}

function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
