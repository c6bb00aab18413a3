// A file that came, as the texts in it: itself, or those of an archive, with what lies beside them there.
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { posix } from "node:path";
import { openZip } from "../../lib/unzip.js";

export interface Source {
  /** Where in an archive it lies; null: it is the file itself. */
  name: string | null;
  content: AsyncIterable<Buffer>;
  /** A file by the path that the text says; null where there is none. */
  beside(path: string): Promise<AsyncIterable<Buffer> | null>;
}

const ZIP = "PK";
// OpenAI's and Anthropic's archives have them in one or in a few files, ours in one each.
const TEXT =
  /^(?:[^/]+\/)?(?:library\.json|conversations(?:[-_]\d+)?\.json|conversations\/[^/]+\.json)$/;
// Ours have the files of a conversation in a folder beside it.
const BESIDE = /^(?:[^/]+\/)?conversations\/[^/]+\/[^/]+$/;

export async function* sourcesIn(file: string): AsyncGenerator<Source> {
  if (await isZip(file)) yield* inZip(file);
  else yield { name: null, content: createReadStream(file), beside: async () => null };
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

async function* inZip(file: string): AsyncGenerator<Source> {
  const zip = await openZip(file, (name) => TEXT.test(name) || BESIDE.test(name));
  try {
    for (const name of zip.names.filter((name) => TEXT.test(name))) {
      const content = await zip.read(name);
      const folder = posix.dirname(name);
      if (content) yield { name, content, beside: (path) => zip.read(`${folder}/${path}`) };
    }
  } finally {
    zip.close();
  }
}
