import { z } from "zod";
import { characters } from "../lib/text.js";
import { type Form, read } from "./form.js";

export const LONGEST_TITLE = 120;

const EMPTY = "A title cannot be empty.";
const title = z.object({ title: titleField() });

/** A new title, as it was typed. */
export function titleForm(input: unknown): Form<{ title: string }> {
  return read(title, input, ["title"]);
}

/** The rules for a title; shared by every form that gives one. */
export function titleField() {
  return (
    z
      .string(EMPTY)
      // What is drawn as nothing could hide a title, or turn the words around it.
      .transform((text) => text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ").trim())
      .refine((text) => text.replace(/\p{Default_Ignorable_Code_Point}/gu, "").trim() !== "", {
        message: EMPTY,
      })
      .refine((text) => characters(text) <= LONGEST_TITLE, {
        message: `Use at most ${LONGEST_TITLE} characters.`,
      })
  );
}
