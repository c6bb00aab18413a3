import type { Request, RequestHandler } from "express";
import rateLimit, { type AugmentedRequest, type Options } from "express-rate-limit";
import { config } from "../config.js";
import { TooMany } from "../errors.js";
import { spokenDuration } from "../lib/spoken.js";
import { counted } from "../lib/text.js";
import { currentUser } from "./authentication.js";

const MINUTE_MS = 60_000;
// A page saves what is typed once a second at most.
const DRAFTS_PER_MINUTE = 120;
const { limits } = config;

/** Every limit on how often something may be asked, by name. How many answers may run is the generator's. */
export const rateLimits = {
  register: [
    byAddress("register_attempts", "attempts to register", limits.loginsPer15Minutes, {
      minutes: 15,
    }),
    byAddress("registrations", "registrations", limits.registrationsPerHour, {
      minutes: 60,
      successesOnly: true,
    }),
  ],
  logIn: byAddress("logins", "attempts to log in", limits.loginsPer15Minutes, { minutes: 15 }),
  question: [
    byPerson("questions_per_minute", "ask", "question", limits.questionsPerMinute, 1),
    byPerson("questions_per_hour", "ask", "question", limits.questionsPerHour, 60),
  ],
  import: byPerson("imports_per_hour", "bring a file", "time", limits.importsPerHour, 60),
  archive: byPerson("archives_per_hour", "take an archive", "time", limits.archivesPerHour, 60),
  upload: byPerson("uploads_per_minute", "upload", "time", limits.uploadsPerMinute, 1),
  sharePassword: byAddress("share_passwords", "wrong passwords", limits.loginsPer15Minutes, {
    minutes: 15,
    failuresOnly: true,
  }),
  draft: byPerson("drafts_per_minute", "save", "draft", DRAFTS_PER_MINUTE, 1),
  search: byPerson("searches_per_minute", "search", "time", limits.searchesPerMinute, 1),
};

interface Counted {
  minutes: number;
  successesOnly?: boolean;
  failuresOnly?: boolean;
}

function byAddress(
  name: string,
  what: string,
  limit: number,
  { minutes, successesOnly = false, failuresOnly = false }: Counted,
): RequestHandler {
  return limiter(
    name,
    minutes,
    limit,
    { skipFailedRequests: successesOnly, skipSuccessfulRequests: failuresOnly },
    (wait) => `There were too many ${what} from your network. ${wait}`,
  );
}

function byPerson(
  name: string,
  verb: string,
  noun: string,
  limit: number,
  minutes: number,
): RequestHandler {
  const allowed = `${counted(limit, noun)} in ${minutes === 1 ? "a minute" : "an hour"}`;
  const keyGenerator = (request: Request) => currentUser(request).id;
  return limiter(
    name,
    minutes,
    limit,
    { keyGenerator },
    (wait) => `You may ${verb} ${allowed}, and that is reached. ${wait}`,
  );
}

function limiter(
  name: string,
  minutes: number,
  limit: number,
  options: Partial<Options>,
  sentence: (wait: string) => string,
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
      next(new TooMany(sentence(`Come back in ${spokenDuration(seconds)}.`), seconds, name));
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
