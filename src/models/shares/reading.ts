// What whoever has a link may do: read, once or as often as its owner lets them.
import { config } from "../../config.js";
import { NotFound } from "../../errors.js";
import { log } from "../../lib/log.js";
import { digest } from "../../lib/tokens.js";
import { takesWrites } from "../../stores/disk.js";
import { read, statement, storedDate, write } from "../../stores/statements.js";
import type { ShownFile } from "../files.js";
import * as passwords from "../passwords.js";
import { secondsToWait, succeeded, whileCounted } from "../sign-ins/throttle.js";
import { COLUMNS, LIVE, type ShareRow, type Stand, standOf } from "./stand.js";

/** A share as its reader meets it; the digest never leaves the models. */
export type Opened = Stand & { passwordDigest: string | null };

export interface SharedMessage {
  place: number;
  role: string;
  /** The text of a question; an answer's is in its HTML. */
  question: string;
  cut: boolean;
  thoughtForMs: number | null;
  html: string | null;
  reasoningHtml: string | null;
  rendererVersion: number | null;
  files: ShownFile[];
}

interface Rendered {
  html: string;
  reasoningHtml: string;
  rendererVersion: number;
}

const BY_TOKEN = statement<{ tokenDigest: string; now: string }, ShareRow>(`
  SELECT ${COLUMNS} FROM Share JOIN User ON User.id = userId WHERE tokenDigest = @tokenDigest`);
const COUNT = statement<{ id: string; now: string }>(`
  UPDATE Share SET views = views + 1, openedAt = @now WHERE id = @id AND ${LIVE}`);
const MESSAGES = statement<
  { id: string },
  Omit<SharedMessage, "cut" | "files"> & { cut: number; files: string }
>(`
  SELECT place, role, CASE role WHEN 'question' THEN body ELSE '' END AS question, cut, thoughtForMs,
    html, reasoningHtml, rendererVersion, files
  FROM SharedMessage WHERE shareId = @id ORDER BY place`);
const SOURCES = statement<{ id: string; place: number }, { body: string; reasoning: string }>(`
  SELECT body, reasoning FROM SharedMessage WHERE shareId = @id AND place = @place`);
const KEEP_HTML = statement<Rendered & { id: string; place: number }>(`
  UPDATE SharedMessage
  SET html = @html, reasoningHtml = @reasoningHtml, rendererVersion = @rendererVersion
  WHERE shareId = @id AND place = @place`);

export async function findByToken(token: string): Promise<Opened> {
  const now = storedDate(new Date());
  const row = await read(() => BY_TOKEN.get({ tokenDigest: digest(token), now }));

  if (row) {
    return { ...standOf(row), passwordDigest: row.passwordDigest };
  } else {
    throw new NotFound();
  }
}

/** Whether this is its password; whoever guesses wrong too often has to wait, from wherever they ask. */
export async function tryPassword(
  { id, passwordDigest }: Opened,
  password: string,
): Promise<boolean | { waitSeconds: number }> {
  const key = digest("share", id);
  const waitSeconds = config.limits.on ? secondsToWait(key) : 0;
  if (waitSeconds > 0) return { waitSeconds };

  const isRight = await whileCounted(key, () => passwords.matches(password, passwordDigest));
  if (isRight) succeeded(key);
  return isRight;
}

/** Counts a view; false where there is none left, or the share has ended otherwise. */
export async function countView(id: string): Promise<boolean> {
  return (await write(() => COUNT.run({ id, now: storedDate(new Date()) }))).changes === 1;
}

/** The same where nothing depends on it: nobody waits. */
export function countViewLater(id: string) {
  if (!takesWrites()) return;

  countView(id).catch((error) => log.warn({ err: error }, "a view could not be counted"));
}

export async function messages(id: string): Promise<SharedMessage[]> {
  const rows = await read(() => MESSAGES.all({ id }));
  return rows.map(({ files, ...row }) => ({
    ...row,
    cut: row.cut === 1,
    files: JSON.parse(files) as ShownFile[],
  }));
}

/** A message as it was typed or as the model wrote it. */
export async function sources(id: string, place: number) {
  const row = await read(() => SOURCES.get({ id, place }));

  if (row) {
    return row;
  } else {
    throw new NotFound();
  }
}

export async function keepHtml(id: string, place: number, html: Rendered) {
  await write(() => KEEP_HTML.run({ id, place, ...html }));
}
