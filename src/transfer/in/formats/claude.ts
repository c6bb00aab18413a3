// Claude's export: the messages of a conversation in a row, newer ones with the id of what they follow.
import type { Conversation, Found, LeftOut } from "../arrival.js";
import { key, objects, paragraphs, quotedFile, text, time } from "../values.js";

type Fields = Record<string, unknown>;

export function isClaude(value: Fields): boolean {
  return Array.isArray(value.chat_messages);
}

export function claude(value: Fields): Conversation {
  const leftOut: LeftOut = {};
  const messages = objects(value.chat_messages);
  const ids = new Set(messages.map(({ uuid }) => key(uuid)));
  const isTree = messages.some(({ parent_message_uuid: parent }) => ids.has(key(parent)));
  const keyAt = (place: number) => key(messages[place]?.uuid) ?? `#${place}`;
  const model = text(value.model) || null;

  return {
    sourceId: key(value.uuid) ?? "",
    title: text(value.name),
    createdAt: time(value.created_at),
    updatedAt: time(value.updated_at),
    pinnedAt: value.is_starred === true ? time(value.updated_at) : null,
    archivedAt: null,
    found: messages.map((message, place) => {
      const before = place > 0 ? keyAt(place - 1) : null;
      const parent = isTree ? key(message.parent_message_uuid) : before;
      return { ...foundIn(message, model, leftOut), key: keyAt(place), parent };
    }),
    reading: key(value.current_leaf_message_uuid),
    leftOut,
  };
}

function foundIn(message: Fields, model: string | null, leftOut: LeftOut) {
  const content = objects(message.content);
  const said = texts(content, "text", "text");
  const found: Omit<Found, "key" | "parent"> = {
    role: message.sender === "human" ? "question" : "answer",
    body: paragraphs(said || text(message.text), filesOf(message, leftOut)),
    reasoning: texts(content, "thinking", "thinking"),
    createdAt: time(message.created_at),
    model: text(message.model) || model,
  };

  const steps = content.filter(({ type }) => type !== "text" && type !== "thinking").length;
  if (steps > 0) leftOut.steps = (leftOut.steps ?? 0) + steps;
  return found.body === "" && found.reasoning === "" ? { ...found, role: null } : found;
}

function texts(content: Fields[], type: string, field: string): string {
  const those = content.filter((part) => part.type === type);
  return paragraphs(...those.map((part) => text(part[field])));
}

// Of a document its text is in the export, of anything else its name.
function filesOf({ attachments, files }: Fields, leftOut: LeftOut): string {
  const read = objects(attachments).filter((file) => text(file.extracted_content) !== "");
  const named = [...objects(attachments), ...objects(files)].filter((file) => !read.includes(file));
  if (named.length > 0) leftOut.files = (leftOut.files ?? 0) + named.length;

  return paragraphs(
    ...read.map((file) => quotedFile(text(file.file_name), text(file.extracted_content))),
    ...named.map((file) => `*[File${text(file.file_name) && `: ${text(file.file_name)}`}]*`),
  );
}
