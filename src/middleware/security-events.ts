import type { Request } from "express";
import { type Problem, TooMany } from "../errors.js";
import { counter } from "../lib/metrics.js";

const WORDS = {
  registered: "an account was created",
  "logged-in": "somebody logged in",
  "login-failed": "a login failed",
  "logged-out": "somebody logged out",
  "password-changed": "a password was changed",
  "password-change-failed": "a password was not changed: the current one was wrong",
  "password-reset": "a password was reset by a link",
  "session-moved": "a session changed browsers, and was ended",
  imported: "somebody took conversations in",
  exported: "somebody took all their conversations along",
  "provider-changed": "a provider of models was added, changed or removed",
  shared: "a link to messages was made",
  "share-revoked": "links to messages were revoked",
  "share-password-failed": "a link was not opened: its password was wrong",
  denied: "somebody asked for what is not theirs",
  throttled: "a limit was reached",
} as const;

export type SecurityEvent = keyof typeof WORDS;

const events = counter(
  "aifacade_security_events_total",
  "Logins, failures, refusals and the like, as they stand in the log.",
  ["event"],
);
const throttled = counter(
  "aifacade_throttled_total",
  "Requests that were refused because a limit was reached.",
  ["limit"],
);

for (const event of Object.keys(WORDS)) events.inc({ event }, 0);

/** One line of the log for whoever looks into an attack: what, who, from where, in which request. */
export function noteSecurity(request: Request, event: SecurityEvent, details: object = {}) {
  const level = event === "session-moved" ? "warn" : "info";
  const userId = request.user?.id;

  events.inc({ event });
  request.log[level]({ event, userId, address: request.ip, ...details }, WORDS[event]);
}

/** A refusal that says something about security is noted as what it is. */
export function noteRefusal(request: Request, problem: Problem) {
  if (problem instanceof TooMany) {
    throttled.inc({ limit: problem.limit });
    noteSecurity(request, "throttled", { limit: problem.limit });
  } else if (problem.status === 401 || problem.status === 403) {
    noteSecurity(request, "denied", { status: problem.status });
  }
}
