import { jsonElements, UnreadableJson } from "../../lib/json-elements.js";
import { digest } from "../../lib/tokens.js";
import { isDamaged } from "../../lib/unzip.js";
import { type Arrival, type LeftOut, type StagedFile, Unfit } from "./arrival.js";
import { type From, withFew, withFiles } from "./attached.js";
import { isLibrary, libraryIn } from "./formats/library.js";
import { conversationIn, type FormatName, formatOf, titleIn } from "./formats.js";
import { type Source, sourcesIn } from "./sources.js";
import { Staging } from "./staging.js";
import { arrivalOf } from "./tree.js";

/** A conversation that was found, and where in the second file it stands: itself in one line, each message in another. */
export interface FoundItem {
  format: FormatName;
  sourceId: string;
  digest: string;
  title: string;
  createdAt: number | null;
  updatedAt: number | null;
  messages: number;
  /** How many of each kind, where it is no conversation but what somebody keeps beside them. */
  library: Record<string, number> | null;
  /** The names of the providers whose models are chosen in it. */
  providers: string[];
  leftOut: LeftOut;
  offset: number;
  length: number;
}

/** What reading a file tells, one after the other. The last two end it. */
export type Told =
  | { found: FoundItem }
  | { unfit: { title: string; why: string } }
  | { refused: Refusal }
  | { end: true };

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

/** Why nothing of a file is taken in; its words: helpers/import-problems.ts. */
export type Refusal =
  | UnreadableJson["reason"]
  | "zip"
  | "nothing"
  | "unknown"
  | "too_many"
  | "too_much";

class Refused extends Error {
  readonly reason: Refusal;

  constructor(reason: Refusal) {
    super(`a file that is not read: ${reason}`);
    this.reason = reason;
  }
}

/** Reads an export, puts what can be taken in into a second file, and tells of each conversation. */
export async function* read(file: string, staged: string, limits: Limits): AsyncGenerator<Told> {
  const staging = await Staging.open(staged);

  try {
    yield* readAll(file, staging, limits);
    yield { end: true };
  } catch (error) {
    yield { refused: refusal(error) };
  } finally {
    await staging.close();
  }
}

async function* readAll(file: string, staging: Staging, limits: Limits): AsyncGenerator<Told> {
  const budget = { bytes: limits.bytes };
  let known = 0;
  let seen = 0;
  let sources = 0;

  for await (const { name, content, beside } of sourcesIn(file)) {
    sources += 1;
    const source = {
      ...{ name, content: within(content, budget) },
      beside: async (path: string) => within(await beside(path), budget),
    };
    for await (const value of valuesIn(source)) {
      seen += 1;
      if (seen > limits.conversations) throw new Refused("too_many");
      if (value instanceof UnreadableJson || formatOf(value)) known += 1;
      yield await taken(value, { source, staging });
    }
  }
  if (sources === 0) throw new Refused("nothing");
  if (known === 0) throw new Refused("unknown");
}

// What of an archive is too large is one of its values, so that the rest comes.
async function* valuesIn({ name, content }: Source): AsyncGenerator<unknown> {
  try {
    yield* jsonElements(content, { bytes: LARGEST_ELEMENT, depth: DEEPEST });
  } catch (error) {
    const isTooLarge = error instanceof UnreadableJson && error.reason === "too_large";
    if (name === null || !isTooLarge) throw error;
    yield error;
  }
}

async function* within(content: AsyncIterable<Buffer> | null, budget: { bytes: number }) {
  for await (const chunk of content ?? []) {
    budget.bytes -= chunk.length;
    if (budget.bytes < 0) throw new Refused("too_much");
    yield chunk;
  }
}

async function taken(value: unknown, from: From): Promise<Told> {
  const before = from.staging.end;
  if (value instanceof UnreadableJson) {
    return { unfit: { title: from.source.name ?? "", why: value.reason } };
  }

  try {
    if (isLibrary(value)) return await takenLibrary(value, from);
    const { format, files: found = [], ...rest } = conversationIn(value);
    const { conversation, files } = await withFiles(rest, found, from);
    const { messages: all, leftOut, ...head } = arrivalOf(conversation, Date.now());
    const messages = all.map((message) => withFew(message, files));
    const lines = [{ ...head, files }, ...messages].map((line) => `${JSON.stringify(line)}\n`);
    const place = await from.staging.append([Buffer.from(lines.join(""))]);
    return { found: { ...itemOf(format, { ...head, files }, messages), leftOut, ...place } };
  } catch (error) {
    from.staging.goBackTo(before);
    if (!(error instanceof Unfit)) throw error;
    return { unfit: { title: titleIn(value).slice(0, LONGEST_TITLE), why: error.message } };
  }
}

async function takenLibrary(value: unknown, { staging }: From): Promise<Told> {
  const library = libraryIn(value);
  const line = JSON.stringify({ library });
  const place = await staging.append([Buffer.from(`${line}\n`)]);
  const counts = Object.entries(library).map(([kind, list]) => [kind, list.length]);
  return {
    found: {
      ...{ format: "AIFacade", sourceId: "", digest: digest(line), title: "", messages: 0 },
      ...{ createdAt: null, updatedAt: null, leftOut: {}, ...place },
      library: Object.fromEntries(counts),
      providers: named(library.presets.map(({ provider }) => provider)),
    },
  };
}

function named(providers: (string | null)[]): string[] {
  return [...new Set(providers.filter((name) => name !== null))];
}

type Head = Omit<Arrival, "messages" | "leftOut"> & { files: StagedFile[] };

function itemOf(format: FormatName, head: Head, messages: Arrival["messages"]) {
  const { sourceId, title, createdAt, updatedAt } = head;
  const content = messages.map(({ role, body, parent, files }) => [
    ...[role, body, parent],
    ...files.map((file) => head.files[file]?.digest),
  ]);

  return {
    ...{ format, sourceId, title, createdAt, updatedAt },
    // Of what was said alone: a title may have changed since.
    digest: digest(format, sourceId, JSON.stringify(content)),
    messages: messages.length,
    library: null,
    providers: named([head.provider]),
  };
}

function refusal(error: unknown): Refusal {
  if (error instanceof Refused || error instanceof UnreadableJson) return error.reason;
  if (isDamaged(error)) return "zip";
  throw error;
}
