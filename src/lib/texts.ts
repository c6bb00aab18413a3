// What people read, in the language of this installation. English is the key, as gettext has it:
//   t("Delete {name}?", { name })
//   plural(count, "{count} request", "{count} requests")
//   rich("By the <prices>prices</prices> of {day}", { prices: ['<a href="/prices">', "</a>"] }, { day })
// Sentences stay whole, and stand in the call: `npm run texts` reads them there for src/texts/messages.json.
import path from "node:path";
import { config, root } from "../config.js";
import { escapeHtml } from "./html.js";
import {
  type Forms,
  PLACE,
  readCatalogue,
  readTranslation,
  TAG,
  Unusable,
} from "./texts/catalogue.js";

type Values = Readonly<Record<string, string | number>>;
/** What a named tag stands for: an element's two ends, or one piece of HTML. */
type Tags = Readonly<Record<string, string | readonly [opening: string, closing: string]>>;

const ENGLISH = "en";
const FOLDER = path.join(root, "src", "texts");
const RIGHT_TO_LEFT = /^(?:Adlm|Arab|Hebr|Nkoo|Rohg|Syrc|Thaa)$/;

const { translation, trouble } = load(config.language);
const piecesOfTexts = new Map<string, string[]>();

/** Why the texts of the chosen language cannot be used, in one line, or null. */
export const textTrouble = trouble;
/** What its catalogue has and no page says, as after an update. */
export const unknownTexts: readonly string[] = translation.unknown;

/** Another for each content of the catalogue; 0: English. */
export const textsVersion = translation.version;

/** As BCP 47 names it; for `<html lang>`, dates and numbers. */
export const language = translation.language;
export const direction = RIGHT_TO_LEFT.test(new Intl.Locale(language).maximize().script ?? "")
  ? "rtl"
  : "ltr";

/** For Intl; English dates and lists are written as in Britain. */
export const locale = language === ENGLISH ? "en-GB" : language;

const rules = new Intl.PluralRules(language);

/** A text with its values, as text: whoever writes it into HTML escapes it. */
export function t(message: string, values?: Values): string {
  const text = (translation.messages.get(message) as string | undefined) ?? message;
  return values ? filled(text, values) : text;
}

/** A text that counts; `{count}` is the number, unless the values say how it is written. */
export function plural(count: number, one: string, other: string, values?: Values): string {
  const forms = translation.messages.get(other) as Forms | undefined;
  const english = count === 1 ? one : other;
  const text = forms ? (forms[rules.select(count)] ?? forms.other) : english;
  return filled(text ?? english, { count, ...values });
}

/** A text as HTML: escaped, with its values; only its named tags are markup, in which `{values}` may stand too. */
export function rich(message: string, tags: Tags, values: Values = {}): string {
  const safe = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, escapeHtml(String(value))]),
  );
  const html = t(message)
    .split(TAG)
    .map((piece) => markup(piece, tags) ?? escapeHtml(piece));
  return html.map((piece) => filled(piece, safe)).join("");
}

function markup(piece: string, tags: Tags): string | null {
  const [, slash, name = ""] = /^<(\/?)(\w+)\/?>$/.exec(piece) ?? [];
  const tag = Object.hasOwn(tags, name) ? tags[name] : undefined;
  if (tag === undefined) return null;
  return typeof tag === "string" ? tag : tag[slash ? 1 : 0];
}

function filled(text: string, values: Values): string {
  if (!text.includes("{")) return text;
  let whole = "";
  for (const [index, piece] of piecesOf(text).entries()) {
    whole += index % 2 === 0 ? piece : String(values[piece] ?? `{${piece}}`);
  }
  return whole;
}

// Text, the name of a value, text …; a page fills hundreds, always the same.
function piecesOf(text: string): string[] {
  const known = piecesOfTexts.get(text);
  if (known) return known;

  const pieces = text.split(PLACE);
  piecesOfTexts.set(text, pieces);
  return pieces;
}

// A tag names what is shipped, anything else is a file of the installation's own.
function load(name: string) {
  const messages = new Map<string, string | Forms>();
  const none = { language: ENGLISH, version: 0, messages, unknown: [] };
  if (name === ENGLISH) return { translation: none, trouble: null };

  const file = /^[\w-]+$/.test(name) ? path.join(FOLDER, `${name}.json`) : path.resolve(root, name);
  try {
    const english = readCatalogue(path.join(FOLDER, "messages.json"));
    return { translation: readTranslation(file, english), trouble: null };
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    return { translation: none, trouble: error.message };
  }
}
