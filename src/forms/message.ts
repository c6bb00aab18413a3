import { z } from "zod";
import { MOST_FILES } from "../lib/attached.js";
import { spokenNumber } from "../lib/spoken.js";
import { characters, withLineFeeds } from "../lib/text.js";
import { t } from "../lib/texts.js";
import { type Form, read } from "./form.js";
import { rowId } from "./paging.js";

interface MessageDraft {
  prompt: string;
  conversation: string | null;
  parent: number | null;
  /** Where a new conversation is to be. */
  folder: number | null;
  key: string | null;
  /** The version of what was kept of this while it was typed. */
  draft: string | null;
  preset: string | null;
  /** The ids of its files. */
  files: string[];
}

export const TOO_MANY_FILES = t("At most {count} files go with a question.", { count: MOST_FILES });
const EMPTY = t("Prompt cannot be empty.");

// Made once: making it, and the code that zod writes for it, costs more than all else of a question.
const schemas = new Map<number, ReturnType<typeof makeSchema>>();

export function messageForm(input: unknown, longest: number): Form<MessageDraft> {
  return read(schemaFor(longest), input, ["prompt", "conversation", "parent"]);
}

function schemaFor(longest: number) {
  const schema = schemas.get(longest) ?? makeSchema(longest);
  schemas.set(longest, schema);
  return schema;
}

function makeSchema(longest: number) {
  return z
    .object({
      prompt: promptText(longest).refine((text) => text.trim() !== "", { message: EMPTY }),
      conversation: optional(),
      parent: rowId(),
      folder: rowId(),
      key: optional(),
      preset: optional(),
      draft: optional(),
      file: fileIds().refine((ids) => ids.length <= MOST_FILES, {
        message: TOO_MANY_FILES,
      }),
    })
    .transform(({ file, ...draft }) => ({ ...draft, files: file }));
}

const FILE_IDS = fileIds().catch([]);

/** The files that a form names, whatever else is wrong with it. */
export function filesOf(input: unknown): string[] {
  return FILE_IDS.parse((input as { file?: unknown } | undefined)?.file).slice(0, MOST_FILES);
}

// One is sent as a text, several as a list.
function fileIds() {
  const id = z.string().max(100, t("That is no file."));
  return z
    .union([id, z.array(id)])
    .nullish()
    .transform((ids) => [ids ?? []].flat().filter((id) => id !== ""));
}

/** What was typed, whole or not yet: no longer than what can be sent. */
export function promptText(longest: number) {
  return z
    .string(EMPTY)
    .transform(withLineFeeds)
    .refine((text) => characters(text) <= longest, {
      error: (issue) => tooLong(issue.input, longest),
    })
    .refine((text) => !text.includes("\0"), { message: t("The text holds a NUL character.") });
}

// An absent field and an empty one both mean "none"; what is no text is refused.
export function optional() {
  return z
    .string()
    .max(100, t("That address is wrong."))
    .transform((text) => text || null)
    .nullish()
    .transform((text) => text ?? null);
}

function tooLong(text: unknown, longest: number): string {
  const length = spokenNumber(characters(String(text)));
  return t("This has {length} characters; {longest} is the most. Shorten it or send it in parts.", {
    length,
    longest: spokenNumber(longest),
  });
}
