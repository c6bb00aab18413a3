// The files of what is shared: named in it, and given to whoever reads it where their owner wished that.
import { NotFound } from "../../errors.js";
import { read, statement } from "../../stores/statements.js";
import type { ShownFile } from "../files.js";

type Named = Pick<ShownFile, "id" | "name" | "bytes">;
/** A file beside its bytes, for a copy of what is shared. */
export type Given = Named & { digest: string; place: number };

// What was noted with a message is a file of its owner's, as long as that is there.
const GIVEN = `
  FROM Share JOIN SharedMessage ON shareId = Share.id
  JOIN json_each(files) AS named
  CROSS JOIN File ON File.id = named.value ->> 'id' AND File.userId = Share.userId
  WHERE Share.id = @shareId AND showsFiles`;
const ALL = statement<{ shareId: string }, Given>(`
  SELECT File.id, File.name, File.bytes, digest, place ${GIVEN} ORDER BY place, named.key`);
const ONE = statement<{ shareId: string; place: number; number: number }, Named>(`
  SELECT File.id, File.name, File.bytes ${GIVEN} AND place = @place AND named.key = @number`);

// Those that whoever copies it has not, the largest first.
const MISSING = statement<{ shareId: string; userId: string }, { name: string; bytes: number }>(`
  SELECT name, sum(bytes) OVER () AS bytes
  FROM (SELECT DISTINCT File.id, File.name AS name, File.bytes AS bytes, digest ${GIVEN}) AS given
  WHERE NOT EXISTS (SELECT 1 FROM File AS own
    WHERE own.userId = @userId AND own.digest = given.digest AND own.name = given.name)
  ORDER BY given.bytes DESC LIMIT 1`);

/** One of them, by its message's place and its own there. */
export async function find(shareId: string, place: number, number: number): Promise<Named> {
  const row = await read(() => ONE.get({ shareId, place, number }));

  if (row) {
    return row;
  } else {
    throw new NotFound();
  }
}

/** Those that are given, with the places of their messages. */
export async function all(shareId: string): Promise<Given[]> {
  return read(() => ALL.all({ shareId }));
}

/** How many bytes of them somebody has not, with the name of the largest; null where there are none. */
export async function missing(userId: string, shareId: string) {
  return (await read(() => MISSING.get({ userId, shareId }))) ?? null;
}
