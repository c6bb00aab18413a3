import Database from "better-sqlite3";
import type { BarePage, BareVerbs } from "../calibration/bare.js";
import type { Worker } from "./worker.js";

interface Row {
  role: string;
  body: string;
  html: string;
}

/** How many messages a page shows. */
export const SHOWN = 50;

/**
 * What the bare page shows: the texts of the real one. Questions are escaped and answers are not, as
 * there; what is missing to its size is appended.
 */
export async function barePageOf(
  file: string,
  path: string,
  bytes: number,
  bare: Worker<BareVerbs>,
): Promise<BarePage> {
  const rows = lastMessages(file, path.split("/").at(-1) ?? "");
  const questions = rows.filter(({ role }) => role === "question");
  const turns = rows
    .filter(({ role }) => role === "answer")
    .map(({ html }, index) => ({ question: questions[index]?.body ?? "", html }));

  const page: BarePage = { title: "A page", turns, rest: "" };
  const missing = Math.max(0, bytes - (await bare.ask("size", page)));
  return { ...page, rest: "<p>rest</p>\n".repeat(Math.ceil(missing / 12)).slice(0, missing) };
}

function lastMessages(file: string, conversation: string): Row[] {
  const database = new Database(file, { readonly: true });
  const rows = database
    .prepare(
      `SELECT * FROM (SELECT id, role, body, html FROM Message WHERE conversationId = ?
       ORDER BY id DESC LIMIT ${SHOWN}) ORDER BY id`,
    )
    .all(conversation) as Row[];
  database.close();
  return rows;
}
