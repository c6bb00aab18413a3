import { type PassThrough, Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { ZipFile } from "yazl";

/** A file in an archive, made while it is read. */
export interface Entry {
  name: string;
  parts: AsyncIterable<string | Buffer>;
  changedAt: Date;
}

/** A zip of these files, one after the other, made no faster than it is read. Who stops reading ends the work. */
export async function* zip(entries: AsyncIterable<Entry>): AsyncGenerator<Buffer> {
  const file = new ZipFile();
  // A PassThrough, which its type does not say.
  const output = file.outputStream as PassThrough;

  file.on("error", (error) => output.destroy(error));
  fill(file, output, entries).catch((error) => output.destroy(error));
  yield* output;
}

async function fill(file: ZipFile, output: Readable, entries: AsyncIterable<Entry>) {
  for await (const { name, parts, changedAt } of entries) {
    const content = Readable.from(parts);
    const stop = () => content.destroy();
    output.once("close", stop);
    if (output.destroyed) stop();
    else file.addReadStream(content, name, { mtime: changedAt });

    await finished(content);
    output.off("close", stop);
  }
  file.end();
}
