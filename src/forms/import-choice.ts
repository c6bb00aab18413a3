import { z } from "zod";
import { pageNumber } from "./paging.js";

/** A page has thirty; nobody means to send more than a few of them. */
const MOST = 100;
const ACTS = ["take", "older", "newer", "all", "none"] as const;

const position = z.coerce.number().int().min(1);
const choice = z.object({
  act: z.enum(ACTS).nullable().catch(null),
  page: z.unknown().transform(pageNumber),
  // One box that is ticked comes as a text, several as a list.
  positions: z.union([z.array(position).max(MOST), position.transform((one) => [one])]).catch([]),
});

export type ImportChoice = z.infer<typeof choice>;

/** Which conversations of a page of a file are to be taken in, and what comes next. */
export function readImportChoice(input: unknown): ImportChoice {
  return choice.parse(input ?? {});
}
