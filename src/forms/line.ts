import { z } from "zod";
import { characters } from "../lib/text.js";
import { t } from "../lib/texts.js";

/** A name or a title: one line that shows something; `empty` says what is wrong where it does not. */
export function line(longest: number, empty: string) {
  return (
    z
      .string(empty)
      // What is drawn as nothing could hide a name, or turn the words around it.
      .transform((text) => text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ").trim())
      .refine((text) => text.replace(/\p{Default_Ignorable_Code_Point}/gu, "").trim() !== "", {
        message: empty,
      })
      .refine((text) => characters(text) <= longest, {
        message: t("Use at most {longest} characters.", { longest }),
      })
  );
}
