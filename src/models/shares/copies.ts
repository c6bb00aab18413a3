// A conversation that begins with what somebody else has shared.

import { Readable } from "node:stream";
import { Conflict, Gone } from "../../errors.js";
import { fewEnough, fileMark } from "../../lib/attached.js";
import { t } from "../../lib/texts.js";
import { randomToken } from "../../lib/tokens.js";
import { statement, storedDate, write } from "../../stores/statements.js";
import * as uploads from "../files/uploads.js";
import { attach, pieces } from "../files.js";
import * as shared from "./files.js";
import { VERSION_ELSEWHERE } from "./stand.js";

type Files = Map<number, Pick<shared.Given, "id" | "name">[]>;
type Copy = { userId: string; shareId: string; files: Files };

const NOTHING_LEFT = t("This is not shared any more, so there is nothing to copy.");
const ONE_EACH = t("A copy for you is being made already. Wait until it is there.");
const NOT_SHARED = t("(This question was not shared.)");

/** What a copy begins with: answered questions, and one at the end that has not been. */
export interface Copied {
  conversationId: string | null;
  question: string | null;
  /** The ids of that question's files. */
  files: string[];
}

interface Row {
  /** Where in what is shared it stands; several where it was made of several. */
  places: number[];
  messageId: number;
  role: string;
  body: string;
  reasoning: string;
  thoughtForMs: number | null;
  cut: number;
  html: string | null;
  reasoningHtml: string | null;
  rendererVersion: number | null;
}

const SHARED = statement<{ shareId: string }, Omit<Row, "places"> & { place: number }>(`
  SELECT place, messageId, role, body, reasoning, thoughtForMs, cut, html, reasoningHtml,
    ${VERSION_ELSEWHERE} AS rendererVersion
  FROM SharedMessage WHERE shareId = @shareId ORDER BY place`);
const INSERT_CONVERSATION = statement<{
  shareId: string;
  id: string;
  userId: string;
  now: string;
}>(`
  INSERT INTO Conversation (id, userId, title, titledBy, createdAt, updatedAt)
  SELECT @id, @userId, title, 'person', @now, @now FROM Share WHERE id = @shareId`);
const INSERT_MESSAGE = statement<
  Omit<Row, "cut" | "places"> & {
    conversationId: string;
    parentId: number | null;
    state: string | null;
    now: string;
  }
>(`
  INSERT INTO Message (conversationId, parentId, copiedFromId, role, body, createdAt, state, reasoning, thoughtForMs,
    html, reasoningHtml, rendererVersion)
  VALUES (@conversationId, @parentId, @messageId, @role, @body, @now, @state, @reasoning, @thoughtForMs,
    @html, @reasoningHtml, @rendererVersion)`);

const copying = new Set<string>();

/** Copies what is shared; what it has cost its owner is not told, and costs nobody again. One at a time of a person. */
export async function create(userId: string, shareId: string): Promise<Copied> {
  if (copying.has(userId)) throw new Conflict(ONE_EACH);

  copying.add(userId);
  try {
    return await withFiles(userId, shareId);
  } finally {
    copying.delete(userId);
  }
}

async function withFiles(userId: string, shareId: string): Promise<Copied> {
  const given = await shared.all(shareId);
  const missing = await shared.missing(userId, shareId);
  if (missing) await uploads.refuseUnlessRoom(userId, missing);
  const distinct = [...new Map(given.map((file) => [file.id, file])).values()];
  return uploads.arrive(userId, distinct.map(arriving), (ids) => {
    const copies = new Map(distinct.map(({ id }, index) => [id, ids[index] ?? ""]));
    return copy({ userId, shareId, files: byPlace(given, copies) });
  });
}

function arriving({ id, name, bytes, digest }: shared.Given) {
  return { name, bytes, digest, createdAt: null, content: () => Readable.from(pieces(id)) };
}

// Where they are given, each file comes along as one that is uploaded.
function byPlace(given: readonly shared.Given[], copies: Map<string, string>): Files {
  const files: Files = new Map();
  for (const { id, name, place } of given) {
    files.set(place, [...(files.get(place) ?? []), { id: copies.get(id) ?? "", name }]);
  }
  return files;
}

function copy({ userId, shareId, files }: Copy): Promise<Copied> {
  return write(() => {
    const rows = inTurns(
      SHARED.all({ shareId }).map(({ place, ...row }) => ({ ...row, places: [place] })),
    );
    if (rows.length === 0) throw new Gone(NOTHING_LEFT);

    const isAnswered = rows.at(-1)?.role === "answer";
    const answered = isAnswered ? rows : rows.slice(0, -1);
    const last = isAnswered ? null : withFew(rows[rows.length - 1] as Row, files);
    return {
      conversationId: answered.length > 0 ? insert({ userId, shareId, files }, answered) : null,
      question: last?.body ?? null,
      files: last?.own ?? [],
    };
  });
}

function insert({ userId, shareId, files }: Copy, rows: Row[]): string {
  const id = randomToken();
  const now = storedDate(new Date());
  INSERT_CONVERSATION.run({ shareId, id, userId, now });

  let parentId: number | null = null;
  for (const { cut, places, ...row } of rows) {
    const ending = cut ? "stopped" : "complete";
    const state = row.role === "answer" ? ending : null;
    const { body, own } = withFew({ ...row, places }, files);
    const message = { ...row, body, conversationId: id, parentId, state, now };
    parentId = insertMessage(message);
    attach(
      userId,
      parentId,
      own.map((id) => ({ id })),
    );
  }
  return id;
}

// Of the files of several questions as many as go with one; the rest is named in it.
function withFew({ places, body }: Pick<Row, "places" | "body">, files: Files) {
  const all = new Map(
    places.flatMap((place) => files.get(place) ?? []).map((file) => [file.id, file]),
  );
  const { kept, rest } = fewEnough([...all.values()]);
  const marks = rest.map(({ name }) => fileMark(name));
  return { body: [body, ...marks].join("\n\n"), own: kept.map(({ id }) => id) };
}

function insertMessage(message: Parameters<typeof INSERT_MESSAGE.run>[0]): number {
  return Number(INSERT_MESSAGE.run(message).lastInsertRowid);
}

// A conversation is questions and answers in turn, whatever was left out of what is shared.
function inTurns(rows: Row[]): Row[] {
  const turns: Row[] = [];
  for (const row of rows) {
    const last = turns.at(-1);
    if (last?.role === row.role) turns.splice(-1, 1, joined(last, row));
    else if (!last && row.role === "answer") turns.push(missingQuestion(row), row);
    else turns.push(row);
  }
  return turns;
}

function joined(first: Row, second: Row): Row {
  const both = (a: string, b: string) => [a, b].filter((text) => text !== "").join("\n\n");
  return {
    ...second,
    places: [...first.places, ...second.places],
    body: both(first.body, second.body),
    reasoning: both(first.reasoning, second.reasoning),
    rendererVersion: null,
  };
}

function missingQuestion({ messageId }: Row): Row {
  const nothing = { html: null, reasoningHtml: null, rendererVersion: null };
  return {
    ...{ places: [], messageId, role: "question", body: NOT_SHARED, reasoning: "" },
    ...{ thoughtForMs: null, cut: 0, ...nothing },
  };
}
