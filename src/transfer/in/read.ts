import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { jsonElements, UnreadableJson } from "../../lib/json-elements.js";
import { digest } from "../../lib/tokens.js";
import { UnreadableZip, unzip } from "../../lib/unzip.js";
import { type Arrival, type LeftOut, Unfit } from "./arrival.js";
import { conversationIn, type FormatName, formatOf, titleIn } from "./formats.js";
import { arrivalOf } from "./tree.js";

/** A conversation that was found, and where in the second file it stands: itself in one line, each message in another. */
export interface FoundItem {
  format: FormatName;
  sourceId: string;
  digest: string;
  title: string;
  createdAt: number;
  updatedAt: number;
  messages: number;
  leftOut: LeftOut;
  offset: number;
  length: number;
}

/** What reading a file tells, one after the other. The last two end it. */
export type Told =
  | { found: FoundItem }
  | { unfit: { title: string; why: string } }
  | { refused: string }
  | { end: true };

interface Source {
  name: string | null;
  content: AsyncIterable<Buffer>;
}

export interface Limits {
  /** Of all that is read, unpacked. */
  bytes: number;
  conversations: number;
}

// Half of it as text, and as much again as values, is what one conversation may take of the memory.
const LARGEST_ELEMENT = 64 * 1024 * 1024;
// Messages that lie in each other, as in LibreChat's trees, are two deep each.
const DEEPEST = 10_000;
const LONGEST_TITLE = 200;
const ZIP = "PK";
// OpenAI's and Anthropic's archives have them in one or in a few files, ours in one each.
const WANTED = /^(?:[^/]+\/)?(?:conversations(?:[-_]\d+)?\.json|conversations\/[^/]+\.json)$/;

const WORDS = {
  broken: "This file is damaged, or it is no JSON.",
  too_large: "A conversation in this file is larger than 64 MB.",
  too_deep: "This file nests deeper than any conversation does.",
  zip: "This archive cannot be read: it is damaged, locked, or no export.",
  nothing:
    "This archive has no conversations: there is no file conversations.json in it, and no folder of them.",
  unknown:
    "There are no conversations in this file that are known here: it should be an export of AIFacade, ChatGPT, Claude, Open WebUI or LibreChat.",
  too_many: "This file has too many conversations.",
  too_much: "What is in this archive is too much to take in at once.",
};

class Refused extends Error {}

/** Reads an export, puts what can be taken in into a second file, and tells of each conversation. */
export async function* read(file: string, staged: string, limits: Limits): AsyncGenerator<Told> {
  const output = await open(staged, "w", 0o600);

  try {
    yield* readAll(file, output, limits);
    yield { end: true };
  } catch (error) {
    yield { refused: refusal(error) };
  } finally {
    await output.close();
  }
}

async function* readAll(file: string, output: FileHandle, limits: Limits): AsyncGenerator<Told> {
  const budget = { bytes: limits.bytes };
  let offset = 0;
  let known = 0;
  let seen = 0;
  let sources = 0;

  for await (const { content } of await sourcesIn(file)) {
    sources += 1;
    for await (const value of jsonElements(within(content, budget), {
      bytes: LARGEST_ELEMENT,
      depth: DEEPEST,
    })) {
      seen += 1;
      if (seen > limits.conversations) throw new Refused(WORDS.too_many);
      if (formatOf(value)) known += 1;
      const told = await taken(value, output, offset);
      if ("found" in told) offset += told.found.length;
      yield told;
    }
  }
  if (sources === 0) throw new Refused(WORDS.nothing);
  if (known === 0) throw new Refused(WORDS.unknown);
}

async function sourcesIn(file: string): Promise<AsyncIterable<Source>> {
  if (await isZip(file)) return unzip(file, (name) => WANTED.test(name));
  return single(file);
}

async function* single(file: string): AsyncGenerator<Source> {
  yield { name: null, content: createReadStream(file) };
}

async function isZip(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return buffer.toString("latin1") === ZIP;
  } finally {
    await handle.close();
  }
}

async function* within(content: AsyncIterable<Buffer>, budget: { bytes: number }) {
  for await (const chunk of content) {
    budget.bytes -= chunk.length;
    if (budget.bytes < 0) throw new Refused(WORDS.too_much);
    yield chunk;
  }
}

async function taken(value: unknown, output: FileHandle, offset: number): Promise<Told> {
  try {
    const { format, ...conversation } = conversationIn(value);
    const { messages, leftOut, ...head } = arrivalOf(conversation, Date.now());
    const lines = [head, ...messages].map((line) => `${JSON.stringify(line)}\n`);
    const { bytesWritten: length } = await output.write(Buffer.from(lines.join("")));
    return { found: { ...itemOf(format, head, messages), leftOut, offset, length } };
  } catch (error) {
    if (!(error instanceof Unfit)) throw error;
    return { unfit: { title: titleIn(value).slice(0, LONGEST_TITLE), why: error.message } };
  }
}

type Head = Omit<Arrival, "messages" | "leftOut">;

function itemOf(format: FormatName, head: Head, messages: Arrival["messages"]) {
  const { sourceId, title, createdAt, updatedAt } = head;
  const content = messages.map(({ role, body, parent }) => [role, body, parent]);

  return {
    ...{ format, sourceId, title, createdAt, updatedAt },
    // Of what was said alone: a title may have changed since.
    digest: digest(format, sourceId, JSON.stringify(content)),
    messages: messages.length,
  };
}

function refusal(error: unknown): string {
  if (error instanceof Refused) return error.message;
  if (error instanceof UnreadableJson) return WORDS[error.reason];
  if (error instanceof UnreadableZip || isOfZip(error)) return WORDS.zip;
  throw error;
}

// What goes wrong while an entry is unpacked is zlib's or the reader's word: its sizes and checksums do not fit.
function isOfZip(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return /^Z_/.test(code ?? "") || /bytes in the stream|crc|compress/i.test(message);
}
