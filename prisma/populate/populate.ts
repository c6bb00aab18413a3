import { randomBytes } from "node:crypto";
import { QUARTER_MS } from "../../src/models/prices.js";
import { indexEverything } from "../../src/models/search/indexing.js";
import { RENDERER_VERSION, renderMarkdown } from "../../src/rendering/markdown.js";
import { type Bulk, openBulk } from "../../src/stores/bulk.js";
import { gather, refuseBesideOthers } from "./people.js";
import { answers, questions } from "./texts.js";

/** How much there shall be; `longest` is the number of messages of the first person's longest conversation. */
export interface Sizes {
  people: number;
  conversations: number;
  messages: number;
  longest: number;
}

interface Talk {
  id: string;
  userId: string;
  /** What this quarter of an hour came to so far. */
  spent: { quarter: number; requests: number; tokens: number };
  left: number;
  parentId: number | null;
  questionId: number;
}

const YEAR_MS = 365 * 86_400_000;
const TITLE_CHARACTERS = 60;
// Forty questions with their answers: more than a page shows.
const EVERYDAY_MESSAGES = 80;
// People talk side by side, so the messages of a conversation do not lie side by side in the file.
const TALKING_AT_ONCE = 200;
const SECOND_ANSWERS = 0.08;
const MODEL = "deepseek-flash";
const PROMPT_TOKENS = 1200;
const CACHED_TOKENS = 1024;
const SEED = 20_260_101;

const CONVERSATION = ["id", "userId", "title", "createdAt", "updatedAt"];
const QUESTION = ["conversationId", "parentId", "role", "body", "createdAt", "sendDigest"];
const ANSWER = [
  ...["conversationId", "parentId", "role", "body", "createdAt", "state", "finishReason"],
  ...["model", "firstTokenMs", "tookMs", "promptTokens", "cachedTokens", "completionTokens"],
  ...["html", "reasoningHtml", "rendererVersion"],
];

const USAGE = [
  ...["userId", "quarter", "conversationId", "model", "purpose", "requests", "untold"],
  ...["promptTokens", "cachedTokens", "completionTokens"],
];

/** People who have talked for a year. The same sizes give the same talk, under other ids. */
export async function populate(sizes: Sizes) {
  await refuseBesideOthers();
  const store = openBulk();

  try {
    const people = await gather(sizes.people, store, time(0));
    talk(store, people, sizes);
  } finally {
    store.close();
  }
  await indexEverything();
}

function talk(store: Bulk, people: string[], sizes: Sizes) {
  const random = randomNumbers(SEED);
  const write = writerTo(store, random);
  const lengths = lengthsOf(sizes, random);
  const talking: Talk[] = [];
  let written = 0;
  let next = 0;

  while (next < lengths.length || talking.length > 0) {
    while (talking.length < TALKING_AT_ONCE && next < lengths.length) {
      const person = next < 2 ? 0 : Math.floor(people.length * random() ** 2);
      talking.push(write.begin(people[person] ?? "", lengths[next] ?? 1, written / sizes.messages));
      next += 1;
    }

    const index = Math.floor(talking.length * random());
    const current = talking[index] as Talk;
    written += write.turn(current, written / sizes.messages);
    if (current.left === 0) talking.splice(index, 1);
  }
}

// The first person has the longest and an everyday one; of the others a few are long and most are short.
function lengthsOf({ conversations, messages, longest }: Sizes, random: () => number): number[] {
  const lengths = [longest, EVERYDAY_MESSAGES].slice(0, conversations);
  let left = messages - lengths.reduce((sum, length) => sum + length, 0);

  for (let rest = conversations - lengths.length; rest > 0; rest -= 1) {
    const drawn = 2 - Math.round(Math.log(1 - random()) * (left / rest - 2));
    const length = rest === 1 ? left : Math.max(2, Math.min(drawn, left - 2 * (rest - 1)));
    lengths.push(length);
    left -= length;
  }

  return lengths;
}

function writerTo(store: Bulk, random: () => number) {
  const conversation = store.inserting("Conversation", CONVERSATION);
  const question = store.inserting("Message", QUESTION);
  const answer = store.inserting("Message", ANSWER);
  const usage = store.inserting("Usage", USAGE);
  const touch = store.setting("Conversation", "updatedAt");
  const rendered = answers.map((body) => ({ body, html: renderMarkdown(body) }));
  const oneOf = <T>(list: readonly T[]) => list[Math.floor(list.length * random())] as T;

  function begin(userId: string, left: number, share: number): Talk {
    const id = randomBytes(16).toString("base64url");
    const title = (oneOf(questions).split("\n")[0] ?? "").slice(0, TITLE_CHARACTERS);
    conversation(id, userId, title, time(share), time(share));
    const spent = { quarter: 0, requests: 0, tokens: 0 };
    return { id, userId, spent, left, parentId: null, questionId: 0 };
  }

  function settle({ id, userId, spent: { quarter, requests, tokens } }: Talk) {
    if (requests === 0) return;
    usage(
      ...[userId, quarter, id, MODEL, "answer", requests, 0],
      ...[requests * PROMPT_TOKENS, requests * CACHED_TOKENS, tokens],
    );
  }

  function spend(current: Talk, at: string, tokens: number) {
    const quarter = Math.floor(Date.parse(at) / QUARTER_MS);
    if (quarter !== current.spent.quarter) {
      settle(current);
      current.spent = { quarter, requests: 0, tokens: 0 };
    }
    current.spent.requests += 1;
    current.spent.tokens += tokens;
  }

  function ask(current: Talk, at: string) {
    const { id, parentId } = current;
    const sendDigest = randomBytes(32).toString("base64url");
    current.questionId = question(id, parentId, "question", oneOf(questions), at, sendDigest);
    current.left -= 1;
  }

  function reply(current: Talk, at: string) {
    const { body, html } = oneOf(rendered);
    const tokens = Math.ceil(body.length / 4);
    current.parentId = answer(
      ...[current.id, current.questionId, "answer", body, at, "complete", "stop"],
      ...[MODEL, 640, 640 + 33 * tokens, PROMPT_TOKENS, CACHED_TOKENS, tokens],
      ...[html, "", RENDERER_VERSION],
    );
    spend(current, at, tokens);
    current.left -= 1;
  }

  /** A question and its answer, or another answer to the same question; returns how many messages. */
  function turn(current: Talk, share: number): number {
    const before = current.left;
    const at = time(share);
    const again = current.questionId > 0 && (current.left === 1 || random() < SECOND_ANSWERS);

    if (!again) ask(current, at);
    if (current.left > 0) reply(current, at);
    if (current.left === 0) {
      touch(at, current.id);
      settle(current);
    }
    return before - current.left;
  }

  return { begin, turn };
}

// As Prisma writes times; the year ends now.
function time(share: number): string {
  const ms = Date.now() - YEAR_MS * (1 - share);
  return new Date(ms).toISOString().replace("Z", "+00:00");
}

// Mulberry32: the same numbers every time.
function randomNumbers(seed: number): () => number {
  let state = seed;

  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
