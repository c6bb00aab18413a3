import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { type Entry, open, type ZipFile } from "yauzl";

const MOST_ENTRIES = 200_000;

export interface Unzipped {
  name: string;
  content: Readable;
}

/** It is no zip, is locked, or has too many files. */
export class UnreadableZip extends Error {}

/** The files of a zip whose names are wanted, in its order. Each is read before the next; nothing of it goes to the disk. */
export async function* unzip(
  file: string,
  wants: (name: string) => boolean,
): AsyncGenerator<Unzipped> {
  const zip = await promisify<string, object, ZipFile>(open)(file, {
    lazyEntries: true,
    autoClose: false,
  }).catch(refuse);

  try {
    if (zip.entryCount > MOST_ENTRIES) throw new UnreadableZip();
    for (let entry = await next(zip); entry; entry = await next(zip)) {
      if (wants(entry.fileName))
        yield { name: entry.fileName, content: await contentOf(zip, entry) };
    }
  } finally {
    zip.close();
  }
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

function contentOf(zip: ZipFile, entry: Entry): Promise<Readable> {
  const opened = promisify<Entry, Readable>(zip.openReadStream.bind(zip));
  return opened(entry).catch(refuse);
}

function refuse(): never {
  throw new UnreadableZip();
}
