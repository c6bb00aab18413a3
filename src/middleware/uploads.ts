import type { Request, RequestHandler } from "express";
import multer, { type StorageEngine } from "multer";
import { config } from "../config.js";
import { Invalid, Problem } from "../errors.js";
import { TOO_MANY_FILES } from "../forms/message.js";
import { MOST_FILES } from "../lib/attached.js";
import { t } from "../lib/texts.js";
import type { Received } from "../models/files/uploads.js";
import * as uploads from "../models/files/uploads.js";
import { noteForLog, problemOf } from "./errors.js";
import { permit, rateLimits } from "./rate-limits.js";

type Part = Parameters<StorageEngine["_handleFile"]>[1];

// What goes with a file in a form: a question of 32,000 characters of four bytes is the longest.
const LIMITS = { fields: 40, fieldSize: 160_000, fieldNameSize: 100, files: 100, parts: 140 };
const MOST_BYTES = MOST_FILES * config.files.maxBytes + 1_000_000;
const TOO_MUCH = t("That is too much to send at once. Send fewer or smaller files.");

const engine: StorageEngine = {
  _handleFile: (request, part, done) => {
    take(request, part).then(() => done(null), done);
  },
  // What was received before something went wrong stays with the form.
  _removeFile: (_request, _part, done) => done(null),
};

const parser = multer({ storage: engine, limits: LIMITS, defParamCharset: "utf8" }).array("files");

/**
 * For a form that may bring files: its fields become `request.body` as those of any other form, and what was received
 * stands there as `file`, beside what had been before. Whatever is wrong is thrown by `refuseUnlessReceived`, where the
 * form can be shown again. Of somebody who is not logged in the words are kept, and no file is.
 */
export const receiveFiles: RequestHandler = (request, response, next) => {
  const received: Received = { ids: [], problems: [], permission: null, goOn };
  let hasGoneOn = false;
  request.received = received;

  parser(request, response, (error: unknown) => {
    if (error) received.problems.push(problemOfParser(error));
    goOn();
  });

  function goOn() {
    if (hasGoneOn) return;
    hasGoneOn = true;
    const ids = received.ids.filter((id) => id !== null);
    if (ids.length > 0) request.body.file = [request.body.file ?? [], ids].flat();
    next();
  }
};

/** Throws what is wrong with a form or its files. */
export function refuseUnlessReceived({ received }: Request) {
  const problems = received?.problems ?? [];
  const [first] = problems;
  if (!first) return;

  const sentences = new Set(problems.map(({ message }) => message));
  throw new Problem(first.status, [...sentences].join(" "), first.retryAfterSeconds);
}

async function take(request: Request, { stream, originalname }: Part) {
  const { ids, problems, goOn } = request.received as Received;
  const place = ids.push(null) - 1;

  try {
    if (isTooMuch(request)) throw new Problem(413, TOO_MUCH);
    if (!request.user) return;
    if (place >= MOST_FILES) throw new Problem(422, TOO_MANY_FILES);
    await permitted(request);
    ids[place] = await uploads.receive(request.user.id, originalname, stream);
  } catch (error) {
    problems.push(problemOf(error));
    if (request.res) noteForLog(problemOf(error), error, request.res);
  } finally {
    stream.resume();
    // Nobody waits until all of it has come.
    if (isTooMuch(request)) goOn();
  }
}

// Files that are sent together are one upload.
function permitted(request: Request): Promise<void> {
  const received = request.received as Received;
  received.permission ??= permit(rateLimits.upload, request);
  return received.permission;
}

// A browser always says how long a form is.
function isTooMuch(request: Request): boolean {
  return Number(request.get("Content-Length") ?? Number.POSITIVE_INFINITY) > MOST_BYTES;
}

// What is no Problem of ours is the parser's word on how the form was sent.
function problemOfParser(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const isTooLarge = error instanceof multer.MulterError && error.code.startsWith("LIMIT_");
  return isTooLarge ? new Problem(413, TOO_MUCH) : new Invalid();
}
