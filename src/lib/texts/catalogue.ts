import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { z } from "zod";

/** The forms of a message that counts, by the names of Intl.PluralRules: "one", "few", "other". */
export type Forms = Record<string, string>;

export interface Catalogue {
  /** As BCP 47 names it: "de", "pt-BR". */
  language: string;
  messages: Map<string, string | Forms>;
  /** Another for each content of its file. */
  version: number;
}

/** What is wrong with a catalogue, in one line. */
export class Unusable extends Error {}

/** A place for a value; what stands in two pairs of braces is text. */
export const PLACE = /(?<!\{)\{(\w+)\}(?!\})/;
/** A place for an element: `<link>`, `</link>`, `<time/>`. */
export const TAG = /(<\/?\w+\/?>)/;

const file = z.strictObject({
  language: z.string().refine(isLanguage, "is no language tag such as de or pt-BR"),
  messages: z.record(z.string(), z.union([z.string(), z.record(z.string(), z.string())])),
});

/** Reads a catalogue and holds it against the English one; what is not translated is left out. */
export function readTranslation(name: string, english: Catalogue) {
  const { language, messages, version } = readCatalogue(name);
  const known = [...messages].filter(([key, said]) => english.messages.has(key) && isSaid(said));
  const unknown = [...messages.keys()].filter((key) => !english.messages.has(key));

  for (const [key, said] of known) {
    const complaint = complaintOf(language, english.messages.get(key) ?? "", said);
    if (complaint) throw new Unusable(`${name}: ${JSON.stringify(key)} ${complaint}.`);
  }
  return { language, version, messages: new Map(known), unknown };
}

export function readCatalogue(name: string): Catalogue {
  const text = contentOf(name);
  const { data, error } = file.safeParse(parsed(name, text));
  if (data) {
    const { language, messages } = data;
    return { language, messages: new Map(Object.entries(messages)), version: versionOf(text) };
  }

  const [issue] = error.issues;
  const place = issue?.path.map((part) => JSON.stringify(part)).join(" in ") || "the file";
  throw new Unusable(`${name}: ${place} ${words(issue)}.`);
}

function contentOf(name: string): string {
  try {
    return readFileSync(name, "utf8");
  } catch (error) {
    throw unreadable(name, error);
  }
}

function parsed(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(name, error);
  }
}

function unreadable(name: string, error: unknown): Unusable {
  return new Unusable(`${name} cannot be read: ${(error as Error).message}`);
}

function versionOf(text: string): number {
  return createHash("sha256").update(text).digest().readUIntBE(0, 3);
}

function words(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === "custom") return issue.message;
  return "is not as src/texts/README.md says";
}

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

// Left empty, a message waits for its translator.
function isSaid(said: string | Forms): boolean {
  return (typeof said === "string" ? said : said.other) !== "";
}

function complaintOf(language: string, english: string | Forms, said: string | Forms) {
  if (typeof english === "string" && typeof said === "string") return strayIn(english, said);
  if (typeof english === "string") return "is one text, without forms";
  if (typeof said === "string") return 'needs its forms, at least "other"';

  const known = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  const foreign = Object.keys(said).find((name) => !known.includes(name as Intl.LDMLPluralRule));
  if (foreign) return `has the form "${foreign}", which ${language} does not use`;
  if (said.other === undefined) return 'lacks the form "other"';

  return Object.entries(said)
    .map(([name, text]) => strayIn(english.other ?? "", text, name !== "other"))
    .find((complaint) => complaint !== null);
}

// "One message" may say its number in words.
function strayIn(english: string, said: string, mayOmitCount = false): string | null {
  const [wanted, has] = [placesIn(english), placesIn(said)];
  const forgotten = wanted.find(
    (place) => !has.includes(place) && !(mayOmitCount && place === "{count}"),
  );
  const invented = has.find((place) => !wanted.includes(place));

  if (forgotten) return `lacks ${forgotten}`;
  return invented ? `has ${invented}, which the English text has not` : null;
}

function placesIn(text: string): string[] {
  const values = [...text.matchAll(new RegExp(PLACE, "g"))].map(([place]) => place);
  const tags = [...text.matchAll(new RegExp(TAG, "g"))].map(([tag]) => tag);
  return [...values, ...tags];
}
