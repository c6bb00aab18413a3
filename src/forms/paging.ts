import { z } from "zod";

const MOST_PAGES = 1_000_000;
const MOST_AT_ONCE = 20;
// The database layer takes ids of 32 bits.
const LARGEST_ID = 2 ** 31 - 1;

// Made once: making one costs as much as a statement.
const ROW_ID = z.coerce.number().int().min(1).max(LARGEST_ID).nullable().catch(null);

/** A page's number from the address; anything else is the first page. */
export function pageNumber(input: unknown): number {
  return z.coerce.number().int().min(1).max(MOST_PAGES).catch(1).parse(input);
}

/** How many pages of the sidebar are shown at once; beyond some, its list is no place to look for something. */
export function pageCount(input: unknown): number {
  return Math.min(pageNumber(input), MOST_AT_ONCE);
}

/** The id of a row from the address or a form, or null. */
export function rowId() {
  return ROW_ID;
}

export function readRowId(input: unknown): number | null {
  return ROW_ID.parse(input || null);
}
