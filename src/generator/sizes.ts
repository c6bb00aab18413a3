import { Problem } from "../errors.js";
import type { ReadyFile } from "../models/files.js";
import type { Draft } from "../models/messages.js";
import type { Manner, Writer } from "../models/parameters.js";
import { contextTokens, modelName } from "./catalogue.js";
import { estimateTokens, roomIn, tokensIn } from "./prompt.js";

// The words around a file's text.
const TOKENS_AROUND_A_FILE = 60;

/** Refuses a question with files that the model could not read as a whole, however much were left out before it. */
export function refuseUnlessFits({ text, files = [] }: Draft, writer: Writer, manner: Manner) {
  const room = roomIn(contextTokens(writer), manner);
  const sizes = files.map(tokensOf);
  const total = sizes.reduce((sum, size) => sum + size, estimateTokens(text));
  if (files.length === 0 || total <= room) return;

  const largest = files[sizes.indexOf(Math.max(...sizes))];
  throw new Problem(422, tooLong(total, room, modelName(writer.model), largest?.name ?? "a file"));
}

function tokensOf({ textBytes }: ReadyFile): number {
  return tokensIn(textBytes) + TOKENS_AROUND_A_FILE;
}

function tooLong(total: number, room: number, model: string, largest: string): string {
  const [has, most] = [total, room].map((tokens) => tokens.toLocaleString("en"));
  return `With its files this has about ${has} tokens, and ${model} is told ${most} at most. Leave out ${largest}, or send a part of it.`;
}
