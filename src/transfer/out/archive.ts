import { Readable } from "node:stream";
import { Conflict, NotFound, Unavailable } from "../../errors.js";
import { downloadName } from "../../lib/download-names.js";
import { t } from "../../lib/texts.js";
import { Turns } from "../../lib/turns.js";
import type { Entry } from "../../lib/zip.js";
import * as transfer from "../../models/conversations/transfer.js";
import { pieces, type ShownFile } from "../../models/files.js";
import { json } from "./json.js";
import { libraryJson } from "./library.js";
import { markdown } from "./markdown.js";

const FOLDER = "conversations/";
const AT_ONCE = 2;
const MOST_WAITING = 20;
const FULL = t("Many archives are being made at this moment. Try again in a few minutes.");
const ONE_EACH = t(
  "An archive of yours is being made already. Wait for it, or stop its download first.",
);

/** A conversation as the index of an archive has it; `path` leads to its files there, but for their endings. */
export interface Listed {
  title: string;
  createdAt: Date;
  path: string;
}

export interface Look {
  nameOf(model: string | null): string;
  index(listed: Listed[]): AsyncIterable<string>;
}

const turns = new Turns(AT_ONCE, MOST_WAITING);
const taking = new Set<string>();

/** Makes one archive of a person's at a time, and few in all: packing takes time from everybody's answers. */
export async function inTurn(userId: string, work: () => Promise<unknown>) {
  if (taking.has(userId)) throw new Conflict(ONE_EACH);
  if (turns.isFull) throw new Unavailable(FULL, 60);

  taking.add(userId);
  try {
    await turns.take(work);
  } finally {
    taking.delete(userId);
  }
}

/** Everything that is a person's: what they keep, of each conversation all as JSON, the branch that is read as Markdown, and its files; then an index. */
export async function* everythingOf(userId: string, look: Look): AsyncGenerator<Entry> {
  const listed: Listed[] = [];
  const library = await libraryJson(userId);
  if (library)
    yield { name: "library.json", parts: Readable.from([library]), changedAt: new Date() };

  for (const id of await transfer.idsOf(userId)) {
    const conversation = await transfer.find(userId, id).catch(ifGone);
    if (!conversation) continue;

    const name = nameOf(conversation, listed.length + 1);
    listed.push(listing(conversation, name));
    yield* filesOf(userId, conversation, name, look);
  }
  yield { name: "index.html", parts: look.index(listed), changedAt: new Date() };
}

// What was deleted since the archive was begun.
function ifGone(error: unknown): null {
  if (error instanceof NotFound) return null;
  throw error;
}

function nameOf({ title }: transfer.Leaving, number: number): string {
  return `${FOLDER}${String(number).padStart(5, "0")} ${downloadName(title)}`;
}

function listing({ title, createdAt }: transfer.Leaving, name: string): Listed {
  const path = name.split("/").map(encodeURIComponent).join("/");
  return { title, createdAt: new Date(createdAt), path };
}

async function* filesOf(
  userId: string,
  conversation: transfer.Leaving,
  name: string,
  { nameOf }: Look,
): AsyncGenerator<Entry> {
  const changedAt = new Date(conversation.updatedAt);
  const branch = await transfer.branchOf(userId, conversation.id);
  const read = transfer.messagesAmong(branch);

  // Noted while the JSON is written, which is read to its end before what follows it.
  const beside: { id: string; path: string }[] = [];
  const pathOf = ({ id, name: own }: ShownFile, number: number) => {
    const path = `${name.slice(FOLDER.length)}/${number} ${downloadName(own)}`;
    beside.push({ id, path });
    return path;
  };

  const all = json(conversation, transfer.messagesOf(conversation.id), pathOf);
  yield { name: `${name}.json`, parts: all, changedAt };
  yield { name: `${name}.md`, parts: markdown(conversation, read, nameOf), changedAt };
  for (const { id, path } of beside) {
    yield { name: FOLDER + path, parts: pieces(id), changedAt };
  }
}
