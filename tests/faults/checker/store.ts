import Database from "better-sqlite3";

export interface MessageRow {
  id: number;
  conversationId: string;
  parentId: number | null;
  role: string;
  body: string;
  reasoning: string;
  state: string | null;
  failure: string | null;
  runningIn: string | null;
  html: string | null;
  rendererVersion: number | null;
}

/** What the database holds of a trial, without what is in the trash: for everybody that is not there. */
export interface Store {
  integrity: string[];
  people: { id: string; username: string }[];
  conversations: { id: string; userId: string }[];
  messages: MessageRow[];
}

export function readStore(file: string): Store {
  const database = new Database(file, { readonly: true });
  const all = <Row>(sql: string) => database.prepare(sql).all() as Row[];

  try {
    return {
      integrity: [
        ...all<{ integrity_check: string }>("PRAGMA integrity_check").map(
          (row) => row.integrity_check,
        ),
        ...all<object>("PRAGMA foreign_key_check").map((row) => JSON.stringify(row)),
      ].filter((line) => line !== "ok"),
      people: all("SELECT id, username FROM User"),
      conversations: all("SELECT id, userId FROM Conversation WHERE trashedAt IS NULL"),
      messages: all(
        `SELECT id, conversationId, parentId, role, body, reasoning, state, failure, runningIn,
                html, rendererVersion
         FROM Message
         WHERE conversationId IN (SELECT id FROM Conversation WHERE trashedAt IS NULL) ORDER BY id`,
      ),
    };
  } finally {
    database.close();
  }
}

/** The answers that are running, each with its question's text. */
export function runningAnswers(file: string): { id: number; question: string }[] {
  const database = new Database(file, { readonly: true, timeout: 5000 });
  try {
    return database
      .prepare(
        `SELECT answer.id, question.body AS question FROM Message AS answer
         JOIN Message AS question ON question.id = answer.parentId WHERE answer.state = 'running'`,
      )
      .all() as { id: number; question: string }[];
  } finally {
    database.close();
  }
}
