import { UpstreamError } from "../deepseek/errors.js";
import { isPicture } from "../lib/file-text.js";
import * as files from "../models/files.js";
import * as path from "../models/messages/path.js";
import { contextTokens, sees } from "./catalogue.js";
import { bytesOf, type Told } from "./prompt.js";
import type { Assignment } from "./run.js";

/** Pictures of a request in all: more than this few servers take. */
export const MOST_PICTURE_BYTES = 20_000_000;

// More than a few times its context no model is ever told, and nothing else of it is read.
const CONTEXTS = 4;
const LEAST_BYTES = 4_000_000;

type Row = NonNullable<Awaited<ReturnType<typeof path.leadingTo>>>[number];

/** Everything that an answer's model is told, with the pictures where it sees; of too many, the latest. */
export async function historyOf(assignment: Assignment): Promise<Told[]> {
  const { conversationId, answerId } = assignment;
  const mostBytes = Math.max(LEAST_BYTES, CONTEXTS * bytesOf(contextTokens(assignment)));
  const rows = await path.leadingTo(conversationId, answerId, mostBytes);
  if (!rows) {
    const detail = `a question of more than ${mostBytes} bytes`;
    throw new UpstreamError("too_long", detail, { phase: "connect" });
  }
  const shown = sees(assignment) ? latestPictures(rows) : new Set();

  return Promise.all(
    rows.map(async (row) => ({
      ...row,
      files: await Promise.all(
        row.files.map(async (file) =>
          shown.has(file) ? { ...file, picture: await files.asDataUrl(file) } : file,
        ),
      ),
    })),
  );
}

function latestPictures(rows: readonly Row[]): Set<files.StoredToldFile> {
  const pictures = rows.flatMap((row) => row.files).filter(({ kind }) => isPicture(kind));
  const latest = new Set<files.StoredToldFile>();
  let bytes = 0;

  for (const picture of pictures.reverse()) {
    bytes += picture.bytes;
    if (bytes > MOST_PICTURE_BYTES) break;
    latest.add(picture);
  }
  return latest;
}
