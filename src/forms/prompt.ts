import { z } from "zod";
import { gapsIn } from "../lib/gaps.js";
import { characters, withLineFeeds } from "../lib/text.js";
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
    .string("Give it a name.")
    // As it may well be typed: with its slash, or with capitals.
    .transform((text) => text.normalize("NFKC").trim().replace(/^\//, "").toLowerCase())
    .refine((text) => text !== "", { message: "Give it a name." })
    .refine((text) => characters(text) <= LONGEST_PROMPT_NAME, {
      message: `Use at most ${LONGEST_PROMPT_NAME} characters.`,
    })
    .refine((text) => NAME.test(text), {
      message: "Use letters, digits and hyphens only, such as translate-letter.",
    }),
  title: line(LONGEST_TITLE, "A title cannot be empty."),
  body: z
    .string("Write the text of the prompt.")
    .transform(withLineFeeds)
    .refine((text) => text.trim() !== "", { message: "Write the text of the prompt." })
    .refine((text) => characters(text) <= LONGEST_BODY, { error: (issue) => tooLong(issue.input) })
    .refine((text) => !text.includes("\0"), { message: "The text holds a NUL character." })
    .refine((text) => gapsIn(text).length <= MOST_GAPS, {
      message: `Ask for at most ${MOST_GAPS} things in one prompt.`,
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
  const length = characters(String(text)).toLocaleString("en");
  return `This has ${length} characters; ${LONGEST_BODY.toLocaleString("en")} is the most.`;
}
