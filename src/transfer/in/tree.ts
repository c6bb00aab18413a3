import { firstWords, withLineFeeds } from "../../lib/text.js";
import {
  type Arrival,
  type Conversation,
  type Ended,
  type Found,
  type Message,
  type Settings,
  type TitleCost,
  Unfit,
} from "./arrival.js";
import { paragraphs } from "./values.js";

const MOST_MESSAGES = 20_000;
const LONGEST_BODY = 4 * 1024 * 1024;
const LONGEST_TITLE = 200;
const LONGEST_FOLDER = 60;
const WORDS_OF_TITLE = 60;
const LONGEST_WORD = 200;

// Ours is a tree in which questions and answers take turns; elsewhere two of a kind may follow each other.
const NO_QUESTION = "(no question)";
const NO_TITLE = "Untitled";
const NO_TITLE_COST: TitleCost = {
  titleModel: null,
  titlePromptTokens: null,
  titleCachedTokens: null,
  titleCompletionTokens: null,
  titleReasoningTokens: null,
};
const NO_SETTINGS: Settings = {
  preset: null,
  provider: null,
  model: null,
  thinking: null,
  temperature: null,
  topP: null,
  maxTokens: null,
  systemPrompt: null,
};
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

/** What was found as a conversation of ours; throws Unfit where it cannot be one. `now` is as late as anything was. */
export function arrivalOf(conversation: Conversation, now: number): Arrival {
  const {
    found,
    reading,
    titleCost = NO_TITLE_COST,
    settings = NO_SETTINGS,
    ...rest
  } = conversation;
  const createdAt = within(rest.createdAt ?? firstTime(found) ?? now, now);
  const tree = grown(found, createdAt, now);
  if (tree.messages.length === 0) throw new Unfit("no_messages");

  const { messages } = tree;
  return {
    ...rest,
    ...titleCost,
    ...settings,
    ...titled(rest, messages),
    folder: lineOf(rest.folder ?? "", LONGEST_FOLDER) || null,
    createdAt,
    updatedAt: Math.max(createdAt, within(rest.updatedAt ?? lastTime(messages), now)),
    pinnedAt: rest.pinnedAt === null ? null : within(rest.pinnedAt, now),
    archivedAt: rest.archivedAt === null ? null : within(rest.archivedAt, now),
    messages,
    reading: endOf(messages, reading === null ? null : (tree.placeOf.get(reading) ?? null)),
  };
}

interface Tree {
  messages: Message[];
  /** Where each message that was found has gone. */
  placeOf: Map<string, number>;
}

function grown(found: Found[], createdAt: number, now: number): Tree {
  if (found.length > MOST_MESSAGES) throw tooMany();

  const parents = parentsOf(found);
  const children = counted(parents.values());
  const tree: Tree = { messages: [], placeOf: new Map() };

  for (const one of parents.keys()) {
    for (const next of [...unplacedAbove(one, parents, tree)].reverse()) {
      const parent = parents.get(next) ?? null;
      const at = next.createdAt === null ? createdAt : within(next.createdAt, now);
      place(tree, next, parent, { at, isAlone: children.get(parent) === 1 });
    }
  }
  answerAll(tree.messages);
  return tree;
}

// In the order of the file, but for those who would come before what they follow.
function unplacedAbove(one: Found, parents: Map<Found, Found | null>, { placeOf }: Tree) {
  const waiting = new Set<Found>();
  let next: Found | null = one;

  for (; next && !placeOf.has(next.key); next = parents.get(next) ?? null) {
    if (waiting.has(next)) throw circle();
    waiting.add(next);
  }
  return waiting;
}

// What is not taken in is passed over: what hung below it hangs below what was above.
function parentsOf(found: Found[]): Map<Found, Found | null> {
  const byKey = new Map(found.map((one) => [one.key, one]));
  if (byKey.size < found.length) throw new Unfit("same_ids");

  const above = new Map<string, Found | null>();
  const taken = found.filter(({ role }) => role !== null);
  return new Map(taken.map((one) => [one, parentOf(one, byKey, above)]));
}

function parentOf(
  { parent }: Found,
  byKey: Map<string, Found>,
  above: Map<string, Found | null>,
): Found | null {
  const passed = new Set<string>();
  let key = parent;
  for (; key !== null && !above.has(key); key = byKey.get(key)?.parent ?? null) {
    if (byKey.get(key)?.role) break;
    if (passed.has(key)) throw circle();
    passed.add(key);
  }

  const isKnown = key === null || above.has(key);
  const found = (isKnown ? above.get(key ?? "") : byKey.get(key ?? "")) ?? null;
  for (const each of passed) above.set(each, found);
  return found;
}

function counted<Key>(keys: Iterable<Key>): Map<Key, number> {
  const counts = new Map<Key, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function circle(): Unfit {
  return new Unfit("circle");
}

function tooMany(): Unfit {
  return new Unfit("too_many_messages", MOST_MESSAGES);
}

interface How {
  at: number;
  isAlone: boolean;
}

function place(tree: Tree, one: Found, parent: Found | null, { at, isAlone }: How) {
  const { messages, placeOf } = tree;
  const above = parent ? (placeOf.get(parent.key) ?? null) : null;
  const role = one.role === "question" ? "question" : "answer";
  const before = above === null ? null : (messages[above] ?? null);

  if (before?.role === role && isAlone) {
    join(before, messageOf(one, above, role, at));
    if (above !== null) placeOf.set(one.key, above);
    return;
  }

  const missing = between(role, before?.role ?? "answer", above, at);
  const under = missing ? messages.push(missing) - 1 : above;
  placeOf.set(one.key, messages.push(messageOf(one, under, role, at)) - 1);
  if (messages.length > MOST_MESSAGES) throw tooMany();
}

function messageOf(one: Found, parent: number | null, role: Message["role"], at: number): Message {
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
    files: one.files ?? [],
  };
}

// Two of a kind in a row are one, in several parts.
function join(before: Message, next: Message) {
  before.body = short(paragraphs(before.body, next.body));
  before.reasoning = short(paragraphs(before.reasoning, next.reasoning));
  before.model = next.model ?? before.model;
  before.provider = next.model === null ? before.provider : next.provider;
  before.thoughtForMs = next.thoughtForMs ?? before.thoughtForMs;
  before.state = next.state;
  before.files = [...before.files, ...next.files];
}

function between(role: string, before: string, parent: number | null, createdAt: number) {
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

// A question without an answer gets an empty one, which can be asked for again.
function answerAll(messages: Message[]) {
  const answered = new Set(messages.map(({ parent }) => parent));

  for (const [place, { role, createdAt }] of [...messages.entries()]) {
    if (role === "question" && !answered.has(place)) {
      messages.push(message("answer", "", place, createdAt));
    }
  }
}

// What is read is an end: from where somebody was, the newest below it.
function endOf(messages: Message[], place: number | null): number | null {
  if (place === null) return null;

  const newest = new Map(messages.map(({ parent }, index) => [parent, index]));
  let end = place;
  for (let next = newest.get(end); next !== undefined; next = newest.get(end)) end = next;
  return end === messages.length - 1 ? null : end;
}

function titled(
  { title, titledBy = "person" }: { title: string; titledBy?: string },
  messages: Message[],
) {
  const given = lineOf(title, LONGEST_TITLE);
  if (given.replace(/\p{Default_Ignorable_Code_Point}/gu, "").trim())
    return { title: given, titledBy };

  const words = messages.find(({ body }) => body.trim() !== "")?.body ?? "";
  return { title: firstWords(words, WORDS_OF_TITLE) || NO_TITLE, titledBy: "words" };
}

function lineOf(text: string, longest: number): string {
  const line = tidy(text)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ")
    .trim();
  return [...line].slice(0, longest).join("");
}

function tidy(text: string): string {
  return short(withLineFeeds(text.replace(/\p{Cs}/gu, "\ufffd").replaceAll("\0", "")));
}

function short(text: string): string {
  if (Buffer.byteLength(text) > LONGEST_BODY) throw new Unfit("long_message");
  return text;
}

function firstTime(found: Found[]): number | null {
  return found.find(({ createdAt }) => createdAt !== null)?.createdAt ?? null;
}

function lastTime(messages: Message[]): number {
  return messages.reduce((latest, { createdAt }) => Math.max(latest, createdAt), 0);
}

function within(time: number, now: number): number {
  return Math.min(Math.max(Math.round(time), 0), now);
}
