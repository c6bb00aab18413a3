// Open WebUI's export: a list of chats, each with its messages by their ids under `chat.history`.
import { fileMark } from "../../../lib/attached.js";
import { type Conversation, FAILED, type Found, type LeftOut } from "../arrival.js";
import { byTime, key, list, object, objects, paragraphs, text, time } from "../values.js";

type Fields = Record<string, unknown>;

const THOUGHTS = '<details type="reasoning"';
const STEPS = '<details type="tool_calls"';
const BLOCK_END = "</details>";
const SUMMARY_END = "</summary>";

export function isOpenWebUi(value: Fields): boolean {
  return messagesOf(value) !== null;
}

export function openWebUi(value: Fields): Conversation {
  const leftOut: LeftOut = {};
  const chat = chatOf(value);
  const updatedAt = time(value.updated_at);

  return {
    sourceId: key(value.id) ?? "",
    title: text(value.title) || text(chat.title),
    createdAt: time(value.created_at) ?? time(chat.timestamp),
    updatedAt,
    pinnedAt: value.pinned === true && value.archived !== true ? updatedAt : null,
    archivedAt: value.archived === true ? updatedAt : null,
    found: byTime(
      Object.entries(messagesOf(value) ?? {}).map(([id, message]) =>
        foundIn(id, object(message) ?? {}, leftOut),
      ),
    ),
    reading: key(object(chat.history)?.currentId),
    leftOut,
  };
}

function chatOf(value: Fields): Fields {
  return object(value.chat) ?? value;
}

function messagesOf(value: Fields): Fields | null {
  return object(object(chatOf(value).history)?.messages);
}

function foundIn(id: string, message: Fields, leftOut: LeftOut): Found {
  const place = { key: id, parent: key(message.parentId), createdAt: time(message.timestamp) };
  const files = objects(message.files);
  const pictures = files.filter(({ type }) => type === "image").length;
  if (pictures > 0) leftOut.pictures = (leftOut.pictures ?? 0) + pictures;
  if (files.length > pictures) leftOut.files = (leftOut.files ?? 0) + files.length - pictures;

  if (message.role === "user") {
    const marks = files.map(({ type, name }) =>
      type === "image" ? "*[Picture]*" : fileMark(text(name)),
    );
    return { ...place, role: "question", body: paragraphs(said(message.content), ...marks) };
  }
  if (message.role !== "assistant") {
    leftOut.hidden = (leftOut.hidden ?? 0) + 1;
    return { ...place, role: null, body: "" };
  }
  return {
    ...place,
    ...answerIn(message, leftOut),
    role: "answer",
    model: text(message.model) || null,
    ended: endedBy(message),
  };
}

// Newer ones have what was written in parts; older ones only the text that was shown, with the thoughts folded in it.
function answerIn(message: Fields, leftOut: LeftOut) {
  const output = objects(message.output);
  const parts = (type: string) => output.filter((part) => part.type === type);
  const bodies = parts("message").map(({ content }) => said(content));
  if (bodies.length === 0) return unfolded(said(message.content), leftOut);

  const steps = parts("function_call").length;
  if (steps > 0) leftOut.steps = (leftOut.steps ?? 0) + steps;
  const thoughts = parts("reasoning").map(({ content }) => said(content));
  return { body: paragraphs(...bodies), reasoning: paragraphs(...thoughts) };
}

function unfolded(shown: string, leftOut: LeftOut) {
  const thoughts = cut(shown, THOUGHTS);
  const steps = cut(thoughts.rest, STEPS);
  if (steps.blocks.length > 0) leftOut.steps = (leftOut.steps ?? 0) + steps.blocks.length;
  return { body: steps.rest.trim(), reasoning: paragraphs(...thoughts.blocks.map(unquoted)) };
}

function cut(shown: string, opening: string): { rest: string; blocks: string[] } {
  const blocks: string[] = [];
  let rest = "";
  let from = 0;

  for (let at = shown.indexOf(opening); at >= 0; at = shown.indexOf(opening, from)) {
    const end = shown.indexOf(BLOCK_END, at);
    if (end < 0) break;
    rest += shown.slice(from, at);
    blocks.push(shown.slice(at, end));
    from = end + BLOCK_END.length;
  }
  return { rest: rest + shown.slice(from), blocks };
}

function unquoted(block: string): string {
  const end = block.indexOf(SUMMARY_END);
  const inner =
    end < 0 ? block.slice(block.indexOf(">") + 1) : block.slice(end + SUMMARY_END.length);
  return inner
    .replaceAll("&gt;", ">")
    .replaceAll("&lt;", "<")
    .replaceAll("&amp;", "&")
    .trim()
    .replace(/^> ?/gm, "");
}

function said(content: unknown): string {
  return typeof content === "string"
    ? content
    : paragraphs(...list(content).map((part) => text(object(part)?.text)));
}

function endedBy(message: Fields): Found["ended"] {
  if (object(message.error) !== null || message.error === true) return FAILED;
  return message.done === false ? { state: "stopped" } : {};
}
