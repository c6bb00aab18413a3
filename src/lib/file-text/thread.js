// Plain JavaScript, because `npm run dev` runs the sources, and a thread of Node 20 reads no TypeScript.
import { parentPort, workerData } from "node:worker_threads";
import { kindOf } from "./kinds.js";
import { obstacleOf, refuse } from "./obstacles.js";

// More than the longest context there is, at about three bytes to a token.
const MOST_CHARACTERS = 4_000_000;
// Where no spaces part them, each character counts as a word.
const WORDS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{M}\p{N}]+/gu;

// Loaded only for a file of their kind: the one for PDF takes longer to load than most files to read.
const NO_WORDS = () => ({ text: "" });
const READERS = {
  ...{ png: NO_WORDS, jpeg: NO_WORDS, gif: NO_WORDS, webp: NO_WORDS },
  text: async (bytes) => (await import("./plain.js")).readPlain(bytes),
  docx: async (bytes) => (await import("./docx.js")).readDocx(bytes),
  pdf: async (bytes) => (await import("./pdf.js")).readPdf(bytes, MOST_CHARACTERS),
};

parentPort?.postMessage(await read(workerData));

async function read(bytes) {
  try {
    const kind = kindOf(bytes);
    const { text, pages = null } = await READERS[kind](bytes);
    if (text.length > MOST_CHARACTERS) refuse("too_long");
    return { kind, text: tidy(text), pages, words: wordsIn(text) };
  } catch (error) {
    return { obstacle: obstacleOf(error) };
  }
}

function tidy(text) {
  return text.replaceAll("\0", "").replace(/\r\n?/g, "\n").trimEnd();
}

function wordsIn(text) {
  let count = 0;
  for (const _ of text.matchAll(WORDS)) count += 1;
  return count;
}
