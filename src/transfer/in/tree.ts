import { firstWords } from "../../lib/text.js";
import {
  type Arrival,
  type Conversation,
  type Found,
  type Message,
  type Settings,
  type TitleCost,
  Unfit,
} from "./arrival.js";
import { answerAll, between, join, messageOf, tidy } from "./messages.js";
import { counted, parentsOf, unplacedAbove } from "./parents.js";

const MOST_MESSAGES = 20_000;
const LONGEST_TITLE = 200;
const LONGEST_FOLDER = 60;
const WORDS_OF_TITLE = 60;

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
    for (const next of [...unplacedAbove(one, parents, tree.placeOf)].reverse()) {
      const parent = parents.get(next) ?? null;
      const at = next.createdAt === null ? createdAt : within(next.createdAt, now);
      place(tree, next, parent, { at, isAlone: children.get(parent) === 1 });
    }
  }
  answerAll(tree.messages);
  return tree;
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

function firstTime(found: Found[]): number | null {
  return found.find(({ createdAt }) => createdAt !== null)?.createdAt ?? null;
}

function lastTime(messages: Message[]): number {
  return messages.reduce((latest, { createdAt }) => Math.max(latest, createdAt), 0);
}

function within(time: number, now: number): number {
  return Math.min(Math.max(Math.round(time), 0), now);
}
