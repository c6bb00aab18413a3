// Titles that a model gives, and finding by titles. What a person wrote is never written over.
import { read, statement, write } from "../../stores/statements.js";
import type { Writer } from "../parameters.js";
import { type Counts, noteTitle } from "../usage.js";

// Enough to know what it is about; more would cost more than a title is worth.
const TOLD_CHARACTERS = 500;
const MOST_NAMED = 8;

/** A first question, and how its answer begins. */
export interface Exchange {
  question: string;
  answer: string;
}

const FIRST_EXCHANGE = statement<{ answerId: number }, Exchange>(`
  SELECT substr(question.body, 1, ${TOLD_CHARACTERS}) AS question,
    substr(answer.body, 1, ${TOLD_CHARACTERS}) AS answer
  FROM Message AS answer JOIN Message AS question ON question.id = answer.parentId
    JOIN Conversation ON Conversation.id = answer.conversationId
  WHERE answer.id = @answerId AND question.parentId IS NULL
    AND answer.state IN ('complete', 'stopped') AND answer.body <> ''
    AND titledBy = 'words' AND trashedAt IS NULL`);

// In the order of its index, and ended by its limit. LIKE knows no case of letters beyond ASCII, and would read % and _.
const NAMED = statement<{ userId: string; words: string }, { id: string; title: string }>(`
  SELECT id, title FROM Conversation
  WHERE userId = @userId AND trashedAt IS NULL AND archivedAt IS NULL
    AND instr(lower(title), lower(@words)) > 0
  ORDER BY pinnedAt DESC, updatedAt DESC LIMIT ${MOST_NAMED}`);

const STORE = statement<Counts & { id: string; title: string | null; model: string }>(`
  UPDATE Conversation SET
    title = iif(titledBy = 'words', coalesce(@title, title), title),
    titledBy = iif(titledBy = 'words' AND @title IS NOT NULL, 'model', titledBy),
    titleModel = @model,
    titlePromptTokens = coalesce(titlePromptTokens + @promptTokens, @promptTokens, titlePromptTokens),
    titleCachedTokens = coalesce(titleCachedTokens + @cachedTokens, @cachedTokens, titleCachedTokens),
    titleCompletionTokens =
      coalesce(titleCompletionTokens + @completionTokens, @completionTokens, titleCompletionTokens),
    titleReasoningTokens =
      coalesce(titleReasoningTokens + @reasoningTokens, @reasoningTokens, titleReasoningTokens)
  WHERE id = @id`);

/** The newest conversations in whose titles these words stand as they were typed, in any case. */
export async function named(userId: string, words: string) {
  return read(() => NAMED.all({ userId, words: words.trim() }));
}

/** What a title can be made of, if this answer ended the first exchange of a conversation that has none yet. */
export async function firstExchange(answerId: number): Promise<Exchange | null> {
  return (await read(() => FIRST_EXCHANGE.get({ answerId }))) ?? null;
}

/** Keeps a title unless a person gave one meanwhile, and what it has cost in any case. */
export async function store(id: string, title: string | null, writer: Writer, cost: Counts) {
  await write(() => {
    STORE.run({ id, title, model: writer.model, ...cost });
    noteTitle(id, writer, cost);
  });
}
