import { z } from "zod";

/** A page of the list has thirty; nobody means to send more than a few of them. */
const MOST = 100;
const ACTS = ["archive", "unarchive", "discard", "restore"] as const;

export interface Selection {
  act: (typeof ACTS)[number] | null;
  ids: string[];
}

const id = z.string().max(100);
const selection = z.object({
  act: z.enum(ACTS).nullable().catch(null),
  // One box that is ticked comes as a text, several as a list.
  ids: z.union([z.array(id).max(MOST), id.transform((one) => [one])]).catch([]),
});

/** Which conversations of a list were chosen, and what is to be done with them. */
export function readSelection(input: unknown): Selection {
  return selection.parse(input ?? {});
}
