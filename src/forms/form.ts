import type { z } from "zod";
import { t } from "../lib/texts.js";

/** What a form came to: a value to work with, or what to tell the person, with their words kept. */
export type Form<T> = { ok: true; value: T } | ({ ok: false } & Refused);

/** What was typed, and what is wrong with it, each by the name of its field. */
export interface Refused {
  values: Record<string, string>;
  errors: Record<string, string>;
}

/** Reads a form by a schema; `kept` names the fields that are shown again (never a password). */
export function read<T>(schema: z.ZodType<T>, input: unknown, kept: string[]): Form<T> {
  // Only what no page of ours sends is wrong in a way for which a schema has no sentence of its own.
  const result = schema.safeParse(input ?? {}, {
    error: () => t("This was not sent as it should."),
  });

  if (result.success) {
    return { ok: true, value: result.data };
  } else {
    return refuse(input, kept, errorsOf(result.error));
  }
}

/** The same answer for what only the database could tell, such as a name that is taken. */
export function refuse(
  input: unknown,
  kept: string[],
  errors: Record<string, string>,
): { ok: false } & Refused {
  return { ok: false, values: keep(input, kept), errors };
}

/** What was typed, as text: whatever else was sent in its place is nothing. */
export function keep(input: unknown, kept: string[]): Record<string, string> {
  const fields = (typeof input === "object" && input !== null ? input : {}) as Record<
    string,
    unknown
  >;
  const texts = kept.map((name) => [name, typeof fields[name] === "string" ? fields[name] : ""]);
  return Object.fromEntries(texts);
}

// The first complaint of each field: more would only shout.
function errorsOf(error: z.ZodError): Record<string, string> {
  const pairs = error.issues.map((issue) => [String(issue.path[0] ?? "form"), issue.message]);
  return Object.fromEntries(pairs.reverse());
}
