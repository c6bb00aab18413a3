// LibreChat's export: one conversation, its messages in a row or each inside the one that it follows.
import { type Conversation, FAILED, type Found, type LeftOut } from "../arrival.js";
import { key, list, object, objects, paragraphs, text, time } from "../values.js";

type Fields = Record<string, unknown>;

export function isLibreChat(value: Fields): boolean {
  return key(value.conversationId) !== null && messagesOf(value) !== null;
}

export function libreChat(value: Fields): Conversation {
  const leftOut: LeftOut = {};
  const model = text(object(value.options)?.model) || null;
  const found = inARow(messagesOf(value) ?? []).map(({ message, ...place }) => ({
    ...foundIn(message, model, leftOut),
    ...place,
  }));

  return {
    sourceId: key(value.conversationId) ?? "",
    title: text(value.title),
    createdAt: null,
    updatedAt: null,
    pinnedAt: null,
    archivedAt: null,
    found,
    reading: null,
    leftOut,
  };
}

function messagesOf(value: Fields): unknown[] | null {
  const messages = value.messagesTree ?? value.messages;
  return Array.isArray(messages) ? messages : null;
}

interface Placed {
  message: Fields;
  key: string;
  parent: string | null;
}

// Without recursion: each message may lie within another, thousands deep.
function inARow(messages: unknown[]): Placed[] {
  const row: Placed[] = [];
  const waiting = objects(messages)
    .map((message) => ({ message, parent: key(message.parentMessageId) }))
    .reverse();

  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const parent = key(next.message.messageId) ?? `#${row.length}`;
    row.push({ ...next, key: parent });
    for (const message of objects(next.message.children).reverse())
      waiting.push({ message, parent });
  }
  return row;
}

function foundIn(
  message: Fields,
  model: string | null,
  leftOut: LeftOut,
): Omit<Found, "key" | "parent"> {
  const content = objects(message.content);
  const isQuestion = message.isCreatedByUser === true;
  const steps = content.filter(({ type }) => type === "tool_call").length;
  const files = list(message.files).length;
  if (steps > 0) leftOut.steps = (leftOut.steps ?? 0) + steps;
  if (files > 0) leftOut.files = (leftOut.files ?? 0) + files;

  return {
    role: isQuestion ? "question" : "answer",
    body: paragraphs(text(message.text) || texts(content, "text"), files > 0 ? "*[File]*" : ""),
    reasoning: texts(content, "think"),
    createdAt: time(message.createdAt),
    model: isQuestion ? null : text(message.model) || model,
    ended: endedBy(message),
  };
}

function texts(content: Fields[], type: string): string {
  const those = content.filter((part) => part.type === type).map((part) => part[type]);
  return paragraphs(...those.map((one) => text(one) || text(object(one)?.value)));
}

function endedBy(message: Fields): Found["ended"] {
  if (message.error === true) return FAILED;
  if (message.unfinished === true) return { state: "stopped" };
  return ["length", "incomplete"].includes(text(message.finish_reason))
    ? { finishReason: "length" }
    : {};
}
