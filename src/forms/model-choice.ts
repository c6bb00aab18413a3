import { z } from "zod";
import { t } from "../lib/texts.js";

/** A model and whose it is; both null for the one that answers by default. */
interface ModelChoice {
  providerId: string | null;
  model: string | null;
}

const OWN = "default";
const NONE: ModelChoice = { providerId: null, model: null };
const UNREADABLE = t("Choose a model from the list.");

/** A model as a form's field says it: "default:deepseek-flash" is one of the settings' own provider, "" the default. */
export function modelChoice() {
  return z
    .string(UNREADABLE)
    .max(300, UNREADABLE)
    .nullish()
    .transform((text, context): ModelChoice => {
      const choice = parse(text ?? "");
      if (choice) return choice;

      context.addIssue(UNREADABLE);
      return z.NEVER;
    });
}

/** The same from a field alone, or null where nothing was chosen. */
export function readModelChoice(input: unknown): ModelChoice | null {
  const choice = typeof input === "string" ? parse(input) : null;
  return choice?.model ? choice : null;
}

export function modelField({ providerId, model }: ModelChoice): string {
  return model === null ? "" : `${providerId ?? OWN}:${model}`;
}

// Ids of models have colons of their own, as qwen3:8b does.
function parse(text: string): ModelChoice | null {
  if (text === "") return NONE;

  const [, provider, model] = /^([\w-]+):([^\0]+)$/.exec(text) ?? [];
  if (!provider || !model) return null;
  return { providerId: provider === OWN ? null : provider, model };
}
