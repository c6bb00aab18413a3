// A language that says each text as ⟦it is⟧, read from right to left: what stands outside of the brackets was forgotten.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type CheerioAPI, load } from "cheerio";
import { CATALOGUE } from "../house/messages.js";
import { root } from "./root.js";

type Messages = Record<string, string | Record<string, string>>;

const MARK = "\u2063";
const SAID_BY_ATTRIBUTES = ["title", "aria-label", "placeholder", "alt"];

/** A catalogue in that language, for `INTERFACE_LANGUAGE`; `remove` it afterwards. */
export function pseudoLanguage(): { file: string; remove(): void } {
  const { messages } = JSON.parse(readFileSync(path.join(root, CATALOGUE), "utf8"));
  const folder = mkdtempSync(path.join(os.tmpdir(), "aifacade-texts-"));
  const file = path.join(folder, "pseudo.json");
  const said = Object.entries(messages as Messages).map(([key, text]) => [key, bracketed(text)]);

  writeFileSync(file, JSON.stringify({ language: "he", messages: Object.fromEntries(said) }));
  return { file, remove: () => rmSync(folder, { recursive: true }) };
}

/** The words of a page that stand in no brackets and are none of `names`. */
export function untranslated(html: string, names: RegExp): string[] {
  const $ = load(html);
  $("script, style, svg").remove();
  const attributes = SAID_BY_ATTRIBUTES.flatMap((name) =>
    $(`[${name}]`)
      .toArray()
      .map((element) => String($(element).attr(name))),
  );
  return [...textsOf($), ...attributes]
    .map((text) => outside(text).replace(names, ""))
    .filter((text) => /\p{Script=Latin}/u.test(text))
    .map((text) => text.replace(/\s+/g, " ").trim());
}

function bracketed(text: string | Record<string, string>): string | Record<string, string> {
  return typeof text === "string" ? `⟦${text}⟧` : { other: `⟦${text.other}⟧` };
}

// A text may go through several elements, so the whole page is read as one, with a mark where an element begins or ends.
function textsOf($: CheerioAPI): string[] {
  const html = $.html().replace(/<[^>]+>/g, MARK);
  return outside(load(html).text()).split(MARK);
}

function outside(text: string): string {
  const less = text.replace(/⟦[^⟦⟧]*⟧/g, "");
  return less === text ? text : outside(less);
}
