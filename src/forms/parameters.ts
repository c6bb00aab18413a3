import { z } from "zod";
import { spokenNumber } from "../lib/spoken.js";
import { characters, withLineFeeds } from "../lib/text.js";
import { t } from "../lib/texts.js";
import { type Form, read } from "./form.js";
import { modelChoice, modelField } from "./model-choice.js";

const THINKING = ["off", "low", "high", "max"] as const;

/** What the form gives, and what it shows. */
export interface Parameters {
  providerId: string | null;
  model: string | null;
  thinking: (typeof THINKING)[number] | null;
  temperature: number | null;
  topP: number | null;
  maxTokens: number | null;
  systemPrompt: string | null;
}

/** With the longest question it still fits into the largest form that is taken. */
export const LONGEST_SYSTEM_PROMPT = 10_000;
export const MOST_TOKENS = 1_000_000;
export const PARAMETER_FIELDS = "model thinking temperature topP maxTokens systemPrompt".split(" ");

/** The fields of the form by their names, for a form that has others beside them. */
export const parameterFields = {
  model: modelChoice(),
  thinking: z
    .enum(["", ...THINKING], t("Choose how the model thinks from the list."))
    .nullish()
    .transform((choice) => choice || null),
  temperature: number(
    t("The temperature is a number from 0 to 2."),
    (value) => value >= 0 && value <= 2,
  ),
  topP: number(t("Top p is a number above 0, at most 1."), (value) => value > 0 && value <= 1),
  maxTokens: number(
    t("The longest answer is a whole number from 1 to {most}.", {
      most: spokenNumber(MOST_TOKENS),
    }),
    (value) => Number.isInteger(value) && value >= 1 && value <= MOST_TOKENS,
  ),
  systemPrompt: z
    .string(t("The system prompt is a text."))
    .transform(withLineFeeds)
    .refine((text) => characters(text) <= LONGEST_SYSTEM_PROMPT, {
      error: ({ input }) =>
        t("The system prompt has {length} characters; {longest} is the most.", {
          length: spokenNumber(characters(String(input))),
          longest: spokenNumber(LONGEST_SYSTEM_PROMPT),
        }),
    })
    .refine((text) => !text.includes("\0"), {
      message: t("The system prompt holds a NUL character."),
    })
    .nullish()
    .transform((text) => (text?.trim() ? text : null)),
};

const schema = z
  .object(parameterFields)
  .transform(({ model, ...manner }): Parameters => ({ ...model, ...manner }));

/** What a conversation is to be asked with; a field that is empty leaves it to the server. */
export function parametersForm(input: unknown): Form<Parameters> {
  return read(schema, input, PARAMETER_FIELDS);
}

/** What the form shows of them. */
export function parameterValues(parameters: Parameters): Record<string, string> {
  const { thinking, temperature, topP, maxTokens, systemPrompt } = parameters;
  return {
    model: modelField(parameters),
    thinking: thinking ?? "",
    temperature: String(temperature ?? ""),
    topP: String(topP ?? ""),
    maxTokens: String(maxTokens ?? ""),
    systemPrompt: systemPrompt ?? "",
  };
}

// Plain text, so that what is wrong comes back as it was typed; a comma is how half the world writes the point.
function number(message: string, isRight: (value: number) => boolean) {
  return z
    .string(message)
    .trim()
    .nullish()
    .transform((text) => (text ? Number(decimal(text)) : null))
    .refine((value) => value === null || isRight(value), message);
}

function decimal(text: string): string {
  return /^\d*[.,]?\d+$/.test(text) ? text.replace(",", ".") : "NaN";
}
