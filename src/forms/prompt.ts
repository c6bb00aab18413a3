import { z } from "zod";
import { gapsIn } from "../lib/gaps.js";
import { spokenNumber } from "../lib/spoken.js";
import { characters, withLineFeeds } from "../lib/text.js";
import { t } from "../lib/texts.js";
import { LONGEST_TITLE } from "./conversation.js";
import { type Form, keep, read } from "./form.js";
import { line } from "./line.js";

export interface PromptDraft {
  name: string;
  title: string;
  body: string;
  everyone: boolean;
}

export const PROMPT_FIELDS = ["name", "title", "body", "everyone"];
export const LONGEST_PROMPT_NAME = 40;

const LONGEST_BODY = 20_000;
// A form of ours has fifty fields at most.
const MOST_GAPS = 20;
const NAME = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}_-]*$/u;

const prompt = z.object({
  name: z
    .string(t("Give it a name."))
    // As it may well be typed: with its slash, or with capitals.
    .transform((text) => text.normalize("NFKC").trim().replace(/^\//, "").toLowerCase())
    .refine((text) => text !== "", { message: t("Give it a name.") })
    .refine((text) => characters(text) <= LONGEST_PROMPT_NAME, {
      message: t("Use at most {longest} characters.", { longest: LONGEST_PROMPT_NAME }),
    })
    .refine((text) => NAME.test(text), {
      message: t("Use letters, digits and hyphens only, such as translate-letter."),
    }),
  title: line(LONGEST_TITLE, t("A title cannot be empty.")),
  body: z
    .string(t("Write the text of the prompt."))
    .transform(withLineFeeds)
    .refine((text) => text.trim() !== "", { message: t("Write the text of the prompt.") })
    .refine((text) => characters(text) <= LONGEST_BODY, { error: (issue) => tooLong(issue.input) })
    .refine((text) => !text.includes("\0"), { message: t("The text holds a NUL character.") })
    .refine((text) => gapsIn(text).length <= MOST_GAPS, {
      message: t("Ask for at most {most} things in one prompt.", { most: MOST_GAPS }),
    }),
  everyone: z.string().catch("").transform(Boolean),
});

export function promptForm(input: unknown): Form<PromptDraft> {
  return read(prompt, input, PROMPT_FIELDS);
}

/** The field in which the form of a prompt asks for one of its gaps: no spaces, so that it can be an id. */
export function gapField(name: string): string {
  return `gap:${encodeURIComponent(name)}`;
}

/** A prompt's text with what was typed for its gaps; one that was not is empty. */
export function readGap(input: unknown, name: string): string {
  const field = gapField(name);
  return withLineFeeds(keep(input, [field])[field] ?? "");
}

function tooLong(text: unknown): string {
  const length = spokenNumber(characters(String(text)));
  return t("This has {length} characters; {longest} is the most.", {
    length,
    longest: spokenNumber(LONGEST_BODY),
  });
}
