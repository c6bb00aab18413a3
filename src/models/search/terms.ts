// What stands in the index. Each term begins with its owner's key, so that nobody's search meets others' words.
import { digest } from "../../lib/tokens.js";
import { termsOf, type Word, wordsOf } from "../../lib/words.js";

/** A word that is looked for; the last of a search may be the beginning of one. */
export interface Wanted extends Word {
  isPrefix: boolean;
}

export interface Filters {
  role: "question" | "answer" | null;
  model: string | null;
}

interface Indexed {
  userId: string;
  role: string;
  model: string | null;
  title: string | null;
  body: string;
}

const KEY_CHARACTERS = 6;
const MOST_WORDS = 20;
const LONGEST_RUN = 30;
// What no word holds: such terms are what one can filter by.
const ROLE = "_r";
const MODEL = "_m";

/** The text of a message's row in the index. */
export function indexText({ userId, role, model, title, body }: Indexed): string {
  const key = keyOf(userId);
  const words = [...wordsOf(title ?? ""), ...wordsOf(body)].flatMap(termsOf);
  const filters = [ROLE + role, ...(model ? [MODEL + hex(model)] : [])];
  return [...words, ...filters].map((term) => key + term).join(" ");
}

/** The words of a search as it was typed, whatever else is in it; `isCut` where it has too many. */
export function wantedIn(text: string): { wanted: Wanted[]; isCut: boolean } {
  const words = [...wordsOf(text)].map(withoutRest);
  const kept = words.slice(0, MOST_WORDS);
  const wanted = kept.map((word, index) => ({ ...word, isPrefix: index === words.length - 1 }));
  return { wanted, isCut: words.length > kept.length };
}

function withoutRest(word: Word): Word {
  return { ...word, folded: [...word.folded].slice(0, LONGEST_RUN).join("") };
}

/** The search in FTS5's language: quoted terms, all of which have to be there. */
export function matchFor(userId: string, wanted: Wanted[], { role, model }: Filters): string {
  const key = keyOf(userId);
  const filters = [...(role ? [ROLE + role] : []), ...(model ? [MODEL + hex(model)] : [])];
  const phrases = [...wanted.map(phraseOf), ...filters.map((term) => ({ terms: [term], end: "" }))];

  return phrases
    .map(({ terms, end }) => `"${terms.map((term) => key + term).join(" ")}"${end}`)
    .join(" AND ");
}

// Two characters of a run are a term of their own; one alone is the beginning of such a term.
function phraseOf(word: Wanted): { terms: string[]; end: string } {
  const terms = termsOf(word);
  const isRun = word.runsOn && terms.length > 1;
  const isOpen = word.runsOn ? !isRun : word.isPrefix;
  return { terms: isRun ? terms.slice(0, -1) : terms, end: isOpen ? " *" : "" };
}

/** Between which terms the models stand that have answered this person, and what such a term says. */
export function modelTerms(userId: string) {
  const low = keyOf(userId) + MODEL;
  return {
    low,
    high: `${low}g`,
    modelOf: (term: string) => Buffer.from(term.slice(low.length), "hex").toString(),
  };
}

// Short, since it stands in front of every word; that two people share one costs time, and shows neither the other's.
function keyOf(userId: string): string {
  return digest(userId).toLowerCase().replace(/[-_]/g, "0").slice(0, KEY_CHARACTERS);
}

function hex(text: string): string {
  return Buffer.from(text).toString("hex");
}
