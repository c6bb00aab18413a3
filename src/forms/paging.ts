import { z } from "zod";

const MOST_PAGES = 1_000_000;
// The database layer takes ids of 32 bits.
const LARGEST_ID = 2 ** 31 - 1;

/** A page's number from the address; anything else is the first page. */
export function pageNumber(input: unknown): number {
  return z.coerce.number().int().min(1).max(MOST_PAGES).catch(1).parse(input);
}

/** The id of a row from the address or a form, or null. */
export function rowId() {
  return z.coerce.number().int().min(1).max(LARGEST_ID).nullable().catch(null);
}

export function readRowId(input: unknown): number | null {
  return rowId().parse(input || null);
}
