import type { ChatMessage } from "../deepseek/types.js";
import { firstWords } from "../lib/text.js";
import type { Exchange } from "../models/conversations/titles.js";

const MOST_WORDS = 6;
const MOST_CHARACTERS = 60;
// Straight, curly, low, angled and corner ones: models like to put a title into them.
const QUOTES = `["'“”„‟‘’‚‛«»‹›「」『』《》]`;
const AROUND = new RegExp(`^(?:${QUOTES}|\\s)+|(?:${QUOTES}|[\\s.。．,;:])+$`, "gu");
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]+/gu;

/** Asks for a title. One message, because some templates know no other role than these two. */
export function titleRequest({ question, answer }: Exchange): ChatMessage[] {
  const content = [
    `Name the conversation below with a title of at most ${MOST_WORDS} words, in the language of the question.`,
    "Write the title alone, on one line, without quotation marks and without Markdown.",
    `Question:\n${question}`,
    `Answer:\n${answer}`,
  ].join("\n\n");
  return [{ role: "user", content }];
}

/** What a model wrote as a title: one line, a few words, nothing around them; null when nothing is left. */
export function tidyTitle(written: string): string | null {
  const line = written.split(/[\r\n]+/).find((each) => bare(each) !== "") ?? "";
  const words = bare(line).split(" ");
  const few = words.slice(0, MOST_WORDS).join(" ");
  const title = firstWords(words.length > MOST_WORDS ? `${bare(few)}…` : few, MOST_CHARACTERS);
  return title === "" ? null : title;
}

function bare(line: string): string {
  return line
    .replace(/^\s*(?:#{1,6}|[-*+>]|\d+[.)])\s+/, "")
    .replace(/^\W{0,4}title\W{0,4}:\s*/i, "")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[*`~]+(?=\S)|(?<=\S)[*`~]+|(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, "")
    .replace(INVISIBLE, " ")
    .replace(/\s+/g, " ")
    .replace(AROUND, "");
}
