import { randomBytes } from "node:crypto";
import type { Request, RequestHandler } from "express";
import multer from "multer";
import { config } from "../config.js";
import { Invalid, Problem } from "../errors.js";
import { t } from "../lib/texts.js";
import { COMING, importFolder } from "../transfer/in/files.js";

const { maxBytes } = config.imports;
const OVERHEAD_BYTES = 100_000;
const TOO_LARGE = t("That file is too large: {megabytes} MB is the most.", {
  megabytes: maxBytes / 1_000_000,
});

const storage = multer.diskStorage({
  destination: (_request, _file, done) => done(null, importFolder()),
  filename: (_request, _file, done) => done(null, COMING + randomBytes(16).toString("hex")),
});
const limits = { fileSize: maxBytes, files: 1, fields: 5, parts: 6, fieldSize: 1000 };
const parser = multer({ storage, limits }).single("file");

/** The file of a form, on the disk under a name of ours; a larger one is refused before it has come. */
export const receiveImport: RequestHandler = (request, response, next) => {
  if (Number(request.get("Content-Length") ?? 0) > maxBytes + OVERHEAD_BYTES) {
    return next(new Problem(413, TOO_LARGE));
  }
  parser(request, response, (error: unknown) => next(error && problemOf(error)));
};

/** What a browser calls the file: its bytes are UTF-8, and the parser read each as a character. */
export function nameOf({ file }: Request): string {
  return Buffer.from(file?.originalname ?? "", "latin1").toString("utf8");
}

function problemOf(error: unknown): unknown {
  if (!(error instanceof multer.MulterError))
    return error instanceof Problem ? error : new Invalid();
  return error.code === "LIMIT_FILE_SIZE" ? new Problem(413, TOO_LARGE) : new Invalid();
}
