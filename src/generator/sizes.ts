import { Problem } from "../errors.js";
import { isPicture } from "../lib/file-text.js";
import { spokenBytes, spokenNumber } from "../lib/spoken.js";
import { t } from "../lib/texts.js";
import type { ReadyFile } from "../models/files.js";
import type { Draft } from "../models/messages/questions.js";
import type { Manner, Writer } from "../models/parameters.js";
import { contextTokens, modelName, sees } from "./catalogue.js";
import { MOST_PICTURE_BYTES } from "./history.js";
import { estimateTokens, roomIn, TOKENS_OF_A_PICTURE, tokensIn } from "./prompt.js";

const TOO_LARGE = t(
  "The pictures of a question have at most {size} together. Send fewer or smaller ones.",
  { size: spokenBytes(MOST_PICTURE_BYTES) },
);
// The words around a file's text.
const TOKENS_AROUND_A_FILE = 60;

/** Refuses a question with files that the model could not read as a whole, however much were left out before it. */
export function refuseUnlessFits({ text, files = [] }: Draft, writer: Writer, manner: Manner) {
  refuseUnlessSeen(files, writer);
  const room = roomIn(contextTokens(writer), manner);
  const sizes = files.map(tokensOf);
  const total = sizes.reduce((sum, size) => sum + size, estimateTokens(text));
  if (files.length === 0 || total <= room) return;

  const largest = files[sizes.indexOf(Math.max(...sizes))];
  throw new Problem(
    422,
    tooLong(total, room, modelName(writer.model), largest?.name ?? t("a file")),
  );
}

function refuseUnlessSeen(files: ReadyFile[], writer: Writer) {
  const pictures = files.filter(({ kind }) => isPicture(kind));
  const bytes = pictures.reduce((sum, picture) => sum + picture.bytes, 0);

  if (pictures.length > 0 && !sees(writer))
    throw new Problem(422, unseen(pictures, modelName(writer.model)));
  if (bytes > MOST_PICTURE_BYTES) throw new Problem(422, TOO_LARGE);
}

function unseen(pictures: ReadyFile[], model: string): string {
  const names = pictures.map(({ name }) => name).join(", ");
  return t("{model} cannot see pictures. Leave out {names}, or choose a model that sees.", {
    model,
    names,
  });
}

function tokensOf({ kind, textBytes }: ReadyFile): number {
  const content = isPicture(kind) ? TOKENS_OF_A_PICTURE : tokensIn(textBytes);
  return content + TOKENS_AROUND_A_FILE;
}

function tooLong(total: number, room: number, model: string, largest: string): string {
  return t(
    "With its files this has about {has} tokens, and {model} is told {most} at most. Leave out {largest}, or send a part of it.",
    { has: spokenNumber(total), model, most: spokenNumber(room), largest },
  );
}
