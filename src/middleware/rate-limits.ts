import type { Request, RequestHandler } from "express";
import rateLimit, { type AugmentedRequest, type Options } from "express-rate-limit";
import { config } from "../config.js";
import { TooMany } from "../errors.js";
import { spokenDuration } from "../lib/spoken.js";
import { plural, t } from "../lib/texts.js";
import { currentUser } from "./authentication.js";

const MINUTE_MS = 60_000;
// A page saves what is typed once a second at most.
const DRAFTS_PER_MINUTE = 120;
const { limits } = config;

/** Every limit on how often something may be asked, by name. How many answers may run is the generator's. */
export const rateLimits = {
  register: [
    byAddress(
      "register_attempts",
      limits.loginsPer15Minutes,
      { minutes: 15 },
      t("There were too many attempts to register from your network."),
    ),
    byAddress(
      "registrations",
      limits.registrationsPerHour,
      { minutes: 60, successesOnly: true },
      t("There were too many registrations from your network."),
    ),
  ],
  logIn: byAddress(
    "logins",
    limits.loginsPer15Minutes,
    { minutes: 15 },
    t("There were too many attempts to log in from your network."),
  ),
  question: [
    byPerson("questions_per_minute", limits.questionsPerMinute, 1, (count) =>
      plural(
        count,
        "You may ask {count} question in a minute, and that is reached.",
        "You may ask {count} questions in a minute, and that is reached.",
      ),
    ),
    byPerson("questions_per_hour", limits.questionsPerHour, 60, (count) =>
      plural(
        count,
        "You may ask {count} question in an hour, and that is reached.",
        "You may ask {count} questions in an hour, and that is reached.",
      ),
    ),
  ],
  import: byPerson("imports_per_hour", limits.importsPerHour, 60, (count) =>
    plural(
      count,
      "You may bring a file {count} time in an hour, and that is reached.",
      "You may bring a file {count} times in an hour, and that is reached.",
    ),
  ),
  archive: byPerson("archives_per_hour", limits.archivesPerHour, 60, (count) =>
    plural(
      count,
      "You may take an archive {count} time in an hour, and that is reached.",
      "You may take an archive {count} times in an hour, and that is reached.",
    ),
  ),
  upload: byPerson("uploads_per_minute", limits.uploadsPerMinute, 1, (count) =>
    plural(
      count,
      "You may upload {count} time in a minute, and that is reached.",
      "You may upload {count} times in a minute, and that is reached.",
    ),
  ),
  sharePassword: byAddress(
    "share_passwords",
    limits.loginsPer15Minutes,
    { minutes: 15, failuresOnly: true },
    t("There were too many wrong passwords from your network."),
  ),
  draft: byPerson("drafts_per_minute", DRAFTS_PER_MINUTE, 1, (count) =>
    plural(
      count,
      "You may save {count} draft in a minute, and that is reached.",
      "You may save {count} drafts in a minute, and that is reached.",
    ),
  ),
  search: byPerson("searches_per_minute", limits.searchesPerMinute, 1, (count) =>
    plural(
      count,
      "You may search {count} time in a minute, and that is reached.",
      "You may search {count} times in a minute, and that is reached.",
    ),
  ),
};

/** Counts a request where only its content says that it is one of those; throws what a limit says. */
export function permit(limit: RequestHandler, request: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    if (!request.res) return resolve();
    void limit(request, request.res, (error) => (error ? reject(error) : resolve()));
  });
}

interface Counted {
  minutes: number;
  successesOnly?: boolean;
  failuresOnly?: boolean;
}

function byAddress(
  name: string,
  limit: number,
  { minutes, successesOnly = false, failuresOnly = false }: Counted,
  reached: string,
): RequestHandler {
  return limiter(name, minutes, limit, reached, {
    skipFailedRequests: successesOnly,
    skipSuccessfulRequests: failuresOnly,
  });
}

function byPerson(
  name: string,
  limit: number,
  minutes: number,
  reached: (count: number) => string,
): RequestHandler {
  const keyGenerator = (request: Request) => currentUser(request).id;
  return limiter(name, minutes, limit, reached(limit), { keyGenerator });
}

function limiter(
  name: string,
  minutes: number,
  limit: number,
  reached: string,
  options: Partial<Options>,
): RequestHandler {
  return rateLimit({
    windowMs: minutes * MINUTE_MS,
    limit,
    standardHeaders: "draft-8",
    legacyHeaders: false,
    skip: () => !limits.on,
    // A forged X-Forwarded-For or Forwarded is not believed; that is no mistake of the administrator's.
    validate: { xForwardedForHeader: false, forwardedHeader: false },
    handler: (request, _response, next) => {
      const seconds = secondsUntil((request as AugmentedRequest).rateLimit?.resetTime, minutes);
      const comeBack = t("Come back in {duration}.", { duration: spokenDuration(seconds) });
      next(new TooMany(`${reached} ${comeBack}`, seconds, name));
    },
    ...options,
  });
}

// Never longer than the window, which is counted by a timer: only what is told of it is by the clock, and that may jump.
function secondsUntil(reset: Date | undefined, minutes: number): number {
  const windowMs = minutes * MINUTE_MS;
  const ms = reset ? Math.min(reset.getTime() - Date.now(), windowMs) : windowMs;
  return Math.max(1, Math.ceil(ms / 1000));
}
