import type { ErrorRequestHandler, NextFunction, Request, RequestHandler, Response } from "express";
import { Invalid, NotFound, Problem } from "../errors.js";
import { t } from "../lib/texts.js";
import { noteRefusal } from "./security-events.js";

const OURS = t("Something went wrong on our side, not on yours. Please try again in a moment.");

export const notFound: RequestHandler = (_request, _response, next) => {
  next(new NotFound());
};

/** The last stop: every error becomes a page, or JSON for those who ask for it. */
export const errors: ErrorRequestHandler = (error, request, response, next) => {
  const problem = problemOf(error);
  noteForLog(problem, error, response);
  if (response.headersSent) return next(error);

  setStatus(response, problem);
  showPage(problem, request, response).catch(() => showPlainly(problem, request, response));
};

/** The status of a problem, and when to come back; a refusal is noted in the log. */
export function setStatus(response: Response, problem: Problem) {
  const { status, retryAfterSeconds } = problem;
  noteRefusal(response.req, problem);
  response.status(status);
  if (retryAfterSeconds) response.setHeader("Retry-After", retryAfterSeconds);
}

/** What is our fault goes whole into the request's line of the log, which knows what to leave out. */
export function noteForLog(problem: Problem, error: unknown, response: Response) {
  if (problem.status >= 500) Object.assign(response, { err: error });
}

/** What went wrong, in words for a person; what is not meant for them becomes a plain apology. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;

  const status = statusOf(error);
  if (status === 413) return new Problem(413, t("That is too much to send at once."));
  if (status >= 400 && status < 500) return new Invalid();
  return new Problem(500, OURS);
}

/** For a POST that was refused: `show` says why and keeps what was typed; where it cannot, the error goes on. */
export function showingAgain<Asked extends Request>(
  show: (request: Asked, response: Response, problem: Problem) => Promise<void>,
) {
  return async (error: unknown, request: Asked, response: Response, next: NextFunction) => {
    if (request.method !== "POST") return next(error);

    const problem = problemOf(error);
    noteForLog(problem, error, response);
    setStatus(response, problem);
    await show(request, response, problem).catch(() => next(error));
  };
}

async function showPage(problem: Problem, request: Request, response: Response) {
  const { status, message } = problem;
  await response.page("errors/show", {
    title: titleOf(status),
    status,
    message,
    requestId: request.id,
  });
}

// With the database gone the sidebar cannot be drawn; the page of somebody unknown needs no database.
async function showPlainly(problem: Problem, request: Request, response: Response) {
  request.user = undefined;

  try {
    await showPage(problem, request, response);
  } catch {
    response.type("text").send(problem.message);
  }
}

function titleOf(status: number): string {
  if (status === 404) return t("Oops! Page not found");
  if (status === 429) return t("Too many at once");
  if (status >= 500) return t("Oops! Something went wrong");
  return t("That did not work");
}

// Express and its body parser say with `status` what the client did wrong.
function statusOf(error: unknown): number {
  const status: unknown = (error as { status?: unknown } | null)?.status;
  return typeof status === "number" ? status : 500;
}
