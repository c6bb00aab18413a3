// `npm run texts` reads the texts out of the calls in src/ and views/, for src/texts/messages.json.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "../support/root.js";
import { code, filesIn, read } from "./sources.js";

export const CATALOGUE = "src/texts/messages.json";
const KEEPER = "src/lib/texts.ts";

type Message = string | { one: string; other: string };

const CALL = /(?<![\w.$]|function )(t|plural|rich)\(/g;
const LITERAL = String.raw`(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')`;
// Long ones are put together from several.
const WHOLE = new RegExp(String.raw`\s*(${LITERAL}(?:\s*\+\s*${LITERAL})*)\s*([,)])`, "y");

/** The calls that do not name their text in themselves. */
export const unnamed: string[] = [];
/** The texts of two calls under one key. */
export const twofold: string[] = [];

/** All texts, as the catalogue holds them. */
export function catalogue(): string {
  const messages = new Map<string, Message>();
  const sources = [...filesIn("src", ".ts"), ...filesIn("views", ".ejs")];
  for (const file of sources.filter((each) => each !== KEEPER)) collect(file, messages);

  const sorted = [...messages].sort(([one], [other]) => (one < other ? -1 : 1));
  return `${JSON.stringify({ language: "en", messages: Object.fromEntries(sorted) }, null, 2)}\n`;
}

function collect(file: string, messages: Map<string, Message>) {
  const source = file.endsWith(".ejs") ? script(file) : code(file);

  for (const { 0: call, 1: name, index } of source.matchAll(CALL)) {
    const begin = index + call.length;
    const message =
      name === "plural" ? forms(source, afterComma(source, begin)) : literal(source, begin)?.text;
    if (message === undefined) unnamed.push(`${file}: ${source.slice(index, begin + 50)}`);
    else note(file, message, messages);
  }
}

function note(file: string, message: Message, messages: Map<string, Message>) {
  const key = typeof message === "string" ? message : message.other;
  const known = messages.get(key);
  const isOther = known !== undefined && JSON.stringify(known) !== JSON.stringify(message);
  if (isOther) twofold.push(`${file}: ${key}`);
  messages.set(key, message);
}

// What a template runs, without what stands around it.
function script(file: string): string {
  const tags = read(file).matchAll(/<%(?!#)[-=_]?([\s\S]*?)[-_]?%>/g);
  return [...tags].map(([, run]) => run).join("\n;");
}

function forms(source: string, begin: number): Message | undefined {
  const one = literal(source, begin);
  const other = one && literal(source, one.end);
  return other && { one: one.text, other: other.text };
}

function literal(source: string, begin: number): { text: string; end: number } | undefined {
  WHOLE.lastIndex = begin;
  const [, parts] = WHOLE.exec(source) ?? [];
  if (parts === undefined) return undefined;

  const text = [...parts.matchAll(new RegExp(LITERAL, "g"))]
    .map(([part]) => stringOf(part))
    .join("");
  return { text, end: WHOLE.lastIndex };
}

function stringOf(part: string): string {
  const inner = part.slice(1, -1);
  const doubled = part.startsWith("'") ? inner.replace(/\\'/g, "'").replace(/"/g, '\\"') : inner;
  return JSON.parse(`"${doubled}"`);
}

// Behind the comma that ends the argument beginning there.
function afterComma(source: string, begin: number): number {
  let depth = 0;
  for (let at = begin; at < source.length; at += 1) {
    const character = source[at] ?? "";
    if ("([{".includes(character)) depth += 1;
    if (")]}".includes(character)) depth -= 1;
    if (character === "," && depth === 0) return at + 1;
  }
  return source.length;
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(path.join(root, CATALOGUE), catalogue());
}
