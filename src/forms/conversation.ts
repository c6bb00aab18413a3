import { z } from "zod";
import { t } from "../lib/texts.js";
import { type Form, read } from "./form.js";
import { line } from "./line.js";

export const LONGEST_TITLE = 120;

const title = z.object({ title: titleField() });

/** A new title, as it was typed. */
export function titleForm(input: unknown): Form<{ title: string }> {
  return read(title, input, ["title"]);
}

/** The rules for a title; shared by every form that gives one. */
export function titleField() {
  return line(LONGEST_TITLE, t("A title cannot be empty."));
}
