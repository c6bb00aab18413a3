import { z } from "zod";
import { t } from "../lib/texts.js";
import { type Form, read } from "./form.js";
import { rowId } from "./paging.js";

interface Search {
  text: string;
  from: string | null;
  to: string | null;
  role: "question" | "answer" | null;
  model: string | null;
  folder: number | null;
}

export const SEARCH_FIELDS = "q from to role model folder".split(" ");

const schema = z
  .object({
    folder: rowId(),
    q: z.string().trim().catch(""),
    from: day(),
    to: day(),
    role: z.enum(["question", "answer"]).nullable().catch(null),
    model: z
      .string()
      .max(200)
      .transform((name) => name || null)
      .nullable()
      .catch(null),
  })
  .refine(({ from, to }) => !from || !to || from <= to, {
    path: ["to"],
    message: t("The last day is before the first."),
  })
  .transform(({ q, ...rest }) => ({ text: q, ...rest }));

/** A search as it stands in an address; what is no text in it is nothing. */
export function searchForm(input: unknown): Form<Search> {
  return read(schema, input, SEARCH_FIELDS);
}

function day() {
  return z.preprocess(
    (text) => text || null,
    z.iso.date(t("Give a day as 2026-11-26.")).nullable(),
  );
}
