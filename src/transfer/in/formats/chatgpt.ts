// ChatGPT's export: each conversation is a tree of nodes under `mapping`, of which people have seen only some.
import type { Conversation, Found, LeftOut } from "../arrival.js";
import { byTime, key, list, object, objects, paragraphs, text, time } from "../values.js";

type Fields = Record<string, unknown>;

// Where a source was named in the text: marks of private use around its number, for their page alone.
const CITATION = /\ue200[^\ue200\ue201]*\ue201/g;

export function isChatGpt(value: Fields): boolean {
  return object(value.mapping) !== null;
}

export function chatGpt(value: Fields): Conversation {
  const leftOut: LeftOut = {};
  const model = text(value.default_model_slug);
  const nodes = Object.entries(object(value.mapping) ?? {});
  const updatedAt = time(value.update_time);

  return {
    sourceId: key(value.conversation_id) ?? key(value.id) ?? "",
    title: text(value.title),
    createdAt: time(value.create_time),
    updatedAt,
    pinnedAt: null,
    archivedAt: value.is_archived === true ? updatedAt : null,
    found: byTime(nodes.map(([id, node]) => foundIn(id, object(node) ?? {}, model, leftOut))),
    reading: key(value.current_node),
    leftOut,
  };
}

function foundIn(id: string, node: Fields, model: string, leftOut: LeftOut): Found {
  const message = object(node.message);
  const place = { key: id, parent: key(node.parent), createdAt: time(message?.create_time) };
  const role = message ? roleOf(message, leftOut) : null;
  const content = object(message?.content) ?? {};
  const said = role ? saidIn(content, leftOut) : { body: "" };
  if (!message || !role || (said.body === "" && !said.reasoning)) {
    return { ...place, role: null, body: "" };
  }

  const metadata = object(message.metadata) ?? {};
  return {
    ...place,
    ...said,
    role,
    model: text(metadata.model_slug) || model || null,
    ended: endedBy(message, metadata),
  };
}

function roleOf(message: Fields, leftOut: LeftOut): Found["role"] {
  const role = text(object(message.author)?.role);
  const metadata = object(message.metadata) ?? {};
  const kind = text(object(message.content)?.content_type);
  const isForPeople = (text(message.recipient) || "all") === "all" && kind !== "code";

  if (
    metadata.is_visually_hidden_from_conversation === true ||
    kind.endsWith("_editable_context")
  ) {
    leftOut.hidden = (leftOut.hidden ?? 0) + 1;
    return null;
  }
  if (role === "user") return "question";
  if (role === "assistant" && isForPeople) return "answer";
  // The first node of each conversation is an empty one of the system's.
  if (role !== "system") leftOut.steps = (leftOut.steps ?? 0) + 1;
  return null;
}

function saidIn(content: Fields, leftOut: LeftOut): { body: string; reasoning?: string } {
  switch (content.content_type) {
    case "thoughts": {
      const thoughts = objects(content.thoughts);
      const texts = thoughts.map(({ summary, content }) =>
        paragraphs(strong(summary), text(content)),
      );
      return { body: "", reasoning: paragraphs(...texts) };
    }
    case "reasoning_recap":
      return { body: "" };
    default:
      return {
        body: paragraphs(
          text(content.text),
          ...list(content.parts).map((part) => partText(part, leftOut)),
        ).replace(CITATION, ""),
      };
  }
}

function partText(part: unknown, leftOut: LeftOut): string {
  if (typeof part === "string") return part;

  const { content_type: kind, text: said } = object(part) ?? {};
  if (text(said) !== "") return text(said);
  if (text(kind).startsWith("image")) {
    leftOut.pictures = (leftOut.pictures ?? 0) + 1;
    return "*[Picture]*";
  }
  leftOut.files = (leftOut.files ?? 0) + 1;
  return "";
}

function strong(summary: unknown): string {
  return text(summary) ? `**${text(summary)}**` : "";
}

function endedBy(message: Fields, metadata: Fields): Found["ended"] {
  const { type } = object(metadata.finish_details) ?? {};
  if (type === "interrupted" || message.status === "in_progress") return { state: "stopped" };
  return type === "max_tokens" ? { finishReason: "length" } : {};
}
