import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { type Entry, fromBuffer, type ZipFile } from "yauzl";

/** The files of a zip by their names, in its order. */
export async function unzipped(zip: Buffer): Promise<Map<string, string>> {
  const open = promisify<Buffer, object, ZipFile>(fromBuffer);
  const file = await open(zip, { lazyEntries: true });
  const files = new Map<string, string>();

  for (let entry = await next(file); entry; entry = await next(file)) {
    const content = promisify(file.openReadStream.bind(file)) as (entry: Entry) => Promise<never>;
    files.set(entry.fileName, await text(await content(entry)));
  }
  return files;
}

function next(file: ZipFile): Promise<Entry | null> {
  return new Promise((resolve, reject) => {
    file.once("entry", resolve);
    file.once("end", () => resolve(null));
    file.once("error", reject);
    file.readEntry();
  });
}
