// Our own JSON, as ../../README.md describes it. Whatever else stands in it is not looked at.
import { z } from "zod";
import { FORMAT, VERSION } from "../../format.js";
import { type Conversation, type Found, type FoundFile, type LeftOut, Unfit } from "../arrival.js";
import { object, time } from "../values.js";

// Of one question as of all: what is more than goes with one is named in it later.
const MOST_OF_A_CONVERSATION = 1_000;

const word = z.string().max(100).nullable();
const count = z.int().min(0).max(1e15).nullable();
const moment = z.string().refine((text) => time(text) !== null, "no time");

const message = z.object({
  id: z.int(),
  parentId: z.int().nullable(),
  role: z.enum(["question", "answer"]),
  body: z.string(),
  createdAt: moment,
  state: z.enum(["complete", "stopped", "interrupted", "failed"]).default("complete"),
  failure: word.default(null),
  finishReason: word.default(null),
  provider: z.string().max(200).nullable().default(null),
  model: z.string().nullable().default(null),
  askedThinking: word.default(null),
  askedTemperature: z.number().nullable().default(null),
  askedTopP: z.number().nullable().default(null),
  askedMaxTokens: count.default(null),
  presetName: z.string().max(200).nullable().default(null),
  reasoning: z.string().default(""),
  thoughtForMs: count.default(null),
  firstTokenMs: count.default(null),
  tookMs: count.default(null),
  promptTokens: count.default(null),
  cachedTokens: count.default(null),
  completionTokens: count.default(null),
  reasoningTokens: count.default(null),
  files: z.array(z.int().min(1)).max(MOST_OF_A_CONVERSATION).default([]),
});

// What is not there may be told of as little as its name.
const attached = z.object({
  name: z.string().max(1000),
  sha256: z.string().max(100).default(""),
  createdAt: moment.nullable().default(null),
  content: z.string().nullable().default(null),
  path: z.string().max(1000).nullable().default(null),
});

/** What questions are asked with. */
export const settings = {
  provider: z.string().max(200).nullable().default(null),
  model: z.string().max(200).nullable().default(null),
  thinking: z.enum(["off", "low", "high", "max"]).nullable().default(null),
  temperature: z.number().min(0).max(2).nullable().default(null),
  topP: z.number().positive().max(1).nullable().default(null),
  maxTokens: z.int().min(1).max(1_000_000).nullable().default(null),
  systemPrompt: z.string().max(20_000).nullable().default(null),
};

const file = z.object({
  conversation: z.object({
    id: z.string().max(100),
    title: z.string(),
    titledBy: z.enum(["words", "model", "person"]).default("person"),
    createdAt: moment,
    updatedAt: moment,
    pinnedAt: moment.nullable().default(null),
    archivedAt: moment.nullable().default(null),
    folder: z.string().nullable().default(null),
    preset: z.string().max(200).nullable().default(null),
    ...settings,
    titleModel: z.string().max(200).nullable().default(null),
    titlePromptTokens: count.default(null),
    titleCachedTokens: count.default(null),
    titleCompletionTokens: count.default(null),
    titleReasoningTokens: count.default(null),
    messages: z.array(message),
    files: z.array(attached).max(MOST_OF_A_CONVERSATION).default([]),
    reading: z.int().nullable().default(null),
  }),
});

type Fields = Record<string, unknown>;

export function isOurs(value: Fields): boolean {
  return value.format === FORMAT;
}

export function ours(value: Fields): Conversation & { files: FoundFile[] } {
  const { id, messages, files, reading, ...conversation } = asOurs(file, value).conversation;
  const { title, titledBy, createdAt, updatedAt, pinnedAt, archivedAt, folder, ...more } =
    conversation;
  const { preset, provider, model, thinking, temperature, topP, maxTokens, ...rest } = more;
  const { systemPrompt, ...titleCost } = rest;
  const chosen = { preset, provider, model, thinking, temperature, topP, maxTokens, systemPrompt };
  return {
    ...{ sourceId: id, title, titledBy, titleCost, settings: chosen, folder },
    createdAt: time(createdAt),
    updatedAt: time(updatedAt),
    pinnedAt: archivedAt === null ? time(pinnedAt) : null,
    archivedAt: time(archivedAt),
    found: messages.map(foundIn),
    reading: reading === null ? null : String(reading),
    leftOut: {} satisfies LeftOut,
    files: files.map((file) => ({ ...file, createdAt: time(file.createdAt) })),
  };
}

/** A value of ours as its schema has it; throws Unfit where it is otherwise, or newer than this. */
export function asOurs<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  const version = object(value)?.version;
  if (typeof version === "number" && version > VERSION) throw new Unfit("newer");

  const read = schema.safeParse(value);
  if (!read.success) throw new Unfit("not_ours", placeOf(read.error));
  return read.data;
}

function foundIn({
  id,
  parentId,
  role,
  body,
  createdAt,
  provider,
  model,
  reasoning,
  files,
  ...ended
}: z.infer<typeof message>): Found {
  return {
    key: String(id),
    parent: parentId === null ? null : String(parentId),
    createdAt: time(createdAt),
    ...{ role, body, provider, model, reasoning, ended },
    files: role === "question" ? files.map((number) => number - 1) : [],
  };
}

function placeOf({ issues }: z.ZodError): string {
  const [first] = issues;
  return `${first?.path.slice(0, 4).join(".")} (${first?.message})`;
}
