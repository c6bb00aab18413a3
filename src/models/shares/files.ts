// The files of what is shared: named in it, and given to whoever reads it where their owner wished that.
import { NotFound } from "../../errors.js";
import { read, statement } from "../../stores/statements.js";
import type { ShownFile } from "../files.js";

/** A file beside its bytes, for a copy of what is shared. */
export interface SharedFile extends ShownFile {
  digest: string;
  text: string;
}

interface Row extends SharedFile {
  place: number;
}

// What was noted with a message is a file of its owner's, as long as that is there.
const GIVEN = `
  SELECT place, File.id, File.name, File.bytes, kind, pages, words, digest, text
  FROM Share JOIN SharedMessage ON shareId = Share.id
  JOIN json_each(files) AS named
  CROSS JOIN File ON File.id = named.value ->> 'id' AND File.userId = Share.userId
  WHERE Share.id = @shareId AND showsFiles`;
const ALL = statement<{ shareId: string }, Row>(`${GIVEN} ORDER BY place, named.key`);
const ONE = statement<{ shareId: string; place: number; number: number }, Row>(`
  ${GIVEN} AND place = @place AND named.key = @number`);

/** One of them, by its message's place and its own there. */
export async function find(shareId: string, place: number, number: number): Promise<SharedFile> {
  const row = await read(() => ONE.get({ shareId, place, number }));

  if (row) {
    return row;
  } else {
    throw new NotFound();
  }
}

/** Those that are given, with the places of their messages. */
export async function all(shareId: string): Promise<Row[]> {
  return read(() => ALL.all({ shareId }));
}
