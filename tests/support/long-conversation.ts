import type { TestApp } from "./app.js";
import type { Visitor } from "./visitor.js";

/** A conversation with one path of so many messages, made without asking for each; its address and its ids in order. */
export async function longConversation(app: TestApp, visitor: Visitor, messages: number) {
  const path = await visitor.ask("Where does it end?");
  await visitor.settled(path);
  const conversationId = String(path.split("/").at(-1));
  lengthen(app, conversationId, messages - 2);

  const ids = app.database
    .prepare("SELECT id FROM Message WHERE conversationId = ? ORDER BY id")
    .pluck()
    .all(conversationId) as number[];
  return { path, conversationId, ids };
}

/** Puts so many more messages, in turn a question and an answer, below the newest one there is. */
export function lengthen({ database }: TestApp, conversationId: string, more: number) {
  database
    .prepare(
      `WITH RECURSIVE link(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM link WHERE n < @more)
       INSERT INTO Message (conversationId, parentId, role, body, state, html, rendererVersion)
       SELECT @conversationId, (SELECT max(id) FROM Message) + n - 1, iif(n % 2, 'question', 'answer'),
         'Message ' || (n + 2), iif(n % 2, NULL, 'complete'), '<p>Message ' || (n + 2) || '</p>',
         (SELECT max(rendererVersion) FROM Message)
       FROM link`,
    )
    .run({ conversationId, more });
}

/** Puts texts at the end of a conversation: each as a question, and as an answer with the same thoughts. */
export function say(app: TestApp, conversationId: string, texts: readonly string[]) {
  const insert = app.database.prepare(
    `INSERT INTO Message (conversationId, parentId, role, body, reasoning, state)
     VALUES (@id, (SELECT max(id) FROM Message WHERE conversationId = @id), @role, @text, @reasoning, @state)`,
  );
  for (const text of texts) {
    insert.run({ id: conversationId, role: "question", text, reasoning: "", state: null });
    insert.run({ id: conversationId, role: "answer", text, reasoning: text, state: "complete" });
  }
}
