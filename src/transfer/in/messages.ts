// Messages as ours: questions and answers take turns, and elsewhere two of a kind may follow each other.
import { withLineFeeds } from "../../lib/text.js";
import { type Ended, type Found, type Message, Unfit } from "./arrival.js";
import { paragraphs } from "./values.js";

const LONGEST_BODY = 4 * 1024 * 1024;
const LONGEST_WORD = 200;
const NO_QUESTION = "(no question)";
const COMPLETE: Ended = {
  state: "complete",
  failure: null,
  finishReason: null,
  askedThinking: null,
  askedTemperature: null,
  askedTopP: null,
  askedMaxTokens: null,
  presetName: null,
  thoughtForMs: null,
  firstTokenMs: null,
  tookMs: null,
  promptTokens: null,
  cachedTokens: null,
  completionTokens: null,
  reasoningTokens: null,
};
const UNANSWERED: Ended = { ...COMPLETE, state: "stopped" };

export function messageOf(
  one: Found,
  parent: number | null,
  role: Message["role"],
  at: number,
): Message {
  return {
    ...COMPLETE,
    ...one.ended,
    parent,
    role,
    body: tidy(one.body),
    reasoning: role === "answer" ? tidy(one.reasoning ?? "") : "",
    createdAt: at,
    model: role === "answer" && one.model ? tidy(one.model).slice(0, LONGEST_WORD) : null,
    provider: role === "answer" ? (one.provider ?? null) : null,
    files: [...(one.files ?? [])],
  };
}

/** Two of a kind in a row are one, in several parts. */
export function join(before: Message, next: Message) {
  before.body = short(paragraphs(before.body, next.body));
  before.reasoning = short(paragraphs(before.reasoning, next.reasoning));
  before.model = next.model ?? before.model;
  before.provider = next.model === null ? before.provider : next.provider;
  before.thoughtForMs = next.thoughtForMs ?? before.thoughtForMs;
  before.state = next.state;
  before.files.push(...next.files);
}

/** What is missing between two of a kind; null where nothing is. */
export function between(role: string, before: string, parent: number | null, createdAt: number) {
  if (role !== before) return null;
  return role === "answer"
    ? message("question", NO_QUESTION, parent, createdAt)
    : message("answer", "", parent, createdAt);
}

function message(
  role: Message["role"],
  body: string,
  parent: number | null,
  createdAt: number,
): Message {
  const ended = role === "answer" ? UNANSWERED : COMPLETE;
  return {
    ...ended,
    parent,
    role,
    body,
    reasoning: "",
    createdAt,
    provider: null,
    model: null,
    files: [],
  };
}

/** A question without an answer gets an empty one, which can be asked for again. */
export function answerAll(messages: Message[]) {
  const answered = new Set(messages.map(({ parent }) => parent));

  for (const [place, { role, createdAt }] of [...messages.entries()]) {
    if (role === "question" && !answered.has(place)) {
      messages.push(message("answer", "", place, createdAt));
    }
  }
}

/** A text as ours are; throws Unfit where it is too long for one. */
export function tidy(text: string): string {
  return short(withLineFeeds(text.replace(/\p{Cs}/gu, "\ufffd").replaceAll("\0", "")));
}

function short(text: string): string {
  if (Buffer.byteLength(text) > LONGEST_BODY) throw new Unfit("long_message");
  return text;
}
