import { escapeHtml } from "../lib/html.js";
import type { Insertion, Splice } from "./splice.js";

const LARGEST_PARAGRAPH = 8_000;
// Within a line of prose these mean nothing to Markdown, whatever came before, so long as that means nothing either.
const WORDS = /^[\p{L}\p{N} ,.;()?’–—-]*$/u;
const LAST_WORD = /[^\s]*$/;
const CLOSING_TAGS = /(?:<\/[a-z0-9]+>\n?)*$/;

/** How plain words are added to the end of a block without reading all of it again. */
export interface Growth {
  takes(text: string): boolean;
  /** The block with the words, or null when there is nothing to see yet. */
  grow(html: string, text: string): Grown | null;
}

interface Grown {
  html: string;
  splice: Tail<Splice>;
  insertion: Insertion;
}

type Tail<T> = T extends [unknown, ...infer Rest] ? Rest : never;

/** The growth of a block that shows all of the text, if the end of the text is of the plain kind. */
export function growthOf(text: string, html: string, isCode: boolean): Growth | null {
  const suffix = CLOSING_TAGS.exec(html)?.[0].length ?? 0;
  const [word = ""] = LAST_WORD.exec(text.slice(-100)) ?? [];
  const isWord = word !== "" && html.endsWith(word, html.length - suffix);

  if (isCode) {
    // A fence in a list ends with the list: then the fence is open, and the text is not in it.
    const isInside = html.slice(html.length - suffix).includes("</code>");
    return isWord && isInside
      ? { takes: isOneLine, grow: (old, more) => inserted(old, suffix, escapeHtml(more)) }
      : null;
  } else {
    return isWord && WORDS.test(word) && text.length < LARGEST_PARAGRAPH ? paragraph(suffix) : null;
  }
}

function isOneLine(text: string): boolean {
  return !text.includes("\n");
}

// Spaces at the end of a line are not shown until a word follows.
function paragraph(suffix: number): Growth {
  let spaces = "";

  return {
    takes: (text) => WORDS.test(text),
    grow: (html, text) => {
      const words = (spaces + text).trimEnd();
      spaces = (spaces + text).slice(words.length);
      return inserted(html, suffix, words);
    },
  };
}

function inserted(html: string, suffix: number, middle: string): Grown | null {
  if (middle === "") return null;

  const at = html.length - suffix;
  const grown = html.slice(0, at) + middle + html.slice(at);
  return { html: grown, splice: [at, suffix, middle], insertion: [suffix, middle] };
}
