import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { type Entry, open, type ZipFile } from "yauzl";

const MOST_ENTRIES = 200_000;

/** A zip whose files are read by their names, one after the other; nothing of it goes to the disk. */
export interface Zip {
  /** Those of the files that are wanted, in its order. */
  names: string[];
  read(name: string): Promise<Readable | null>;
  close(): void;
}

/** It is no zip, is locked, or has too many files. */
export class UnreadableZip extends Error {}

/** Whether this says that a zip is none, or that what is in it is not as it says: the words are zlib's or the reader's. */
export function isDamaged(error: unknown): boolean {
  if (error instanceof UnreadableZip) return true;
  const { code, message } = error as NodeJS.ErrnoException;
  return /^Z_/.test(code ?? "") || /bytes in the stream|crc|compress/i.test(message);
}

export async function openZip(file: string, wants: (name: string) => boolean): Promise<Zip> {
  const zip = await promisify<string, object, ZipFile>(open)(file, {
    lazyEntries: true,
    autoClose: false,
  }).catch(refuse);

  try {
    const entries = await entriesOf(zip, wants);
    return {
      names: [...entries.keys()],
      read: async (name) => contentOf(zip, entries.get(composed(name))),
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function entriesOf(zip: ZipFile, wants: (name: string) => boolean) {
  if (zip.entryCount > MOST_ENTRIES) throw new UnreadableZip();

  const entries = new Map<string, Entry>();
  for (let entry = await next(zip); entry; entry = await next(zip)) {
    const name = composed(entry.fileName);
    if (wants(name) && !entries.has(name)) entries.set(name, entry);
  }
  return entries;
}

// An archive that a Mac has packed anew has its accents beside their letters.
function composed(name: string): string {
  return name.normalize("NFC");
}

// Names that lead out of a folder are refused by the reader itself.
function next(zip: ZipFile): Promise<Entry | null> {
  return new Promise<Entry | null>((resolve, reject) => {
    zip.removeAllListeners();
    zip.once("entry", resolve);
    zip.once("end", () => resolve(null));
    zip.once("error", reject);
    zip.readEntry();
  }).catch(refuse);
}

async function contentOf(zip: ZipFile, entry: Entry | undefined): Promise<Readable | null> {
  if (!entry) return null;

  const opened = promisify<Entry, Readable>(zip.openReadStream.bind(zip));
  return opened(entry).catch(refuse);
}

function refuse(): never {
  throw new UnreadableZip();
}
