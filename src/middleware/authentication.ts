import type { Request, RequestHandler, Response } from "express";
import { Forbidden, Unauthenticated } from "../errors.js";
import { keep } from "../forms/form.js";
import { CARRIED, safePath } from "../forms/sign-in.js";
import { t } from "../lib/texts.js";
import { signature } from "../lib/tokens.js";
import type { Person } from "../models/users.js";
import { sessionSecret } from "../stores/secrets.js";

/** Lets people in who are logged in; others get the login page, and keep what they typed. */
export const requireUser: RequestHandler = (request, response, next) => {
  // What is private is not for a cache, nor for the Back button after logging out.
  response.setHeader("Cache-Control", "no-store");

  if (request.user) {
    next();
  } else if (!request.accepts("html") || request.get("Accept") === "text/event-stream") {
    next(new Unauthenticated());
  } else if (request.method === "GET" || request.method === "HEAD") {
    response.redirect(303, loginPath(request.originalUrl));
  } else {
    askToLogIn(request, response).catch(next);
  }
};

/** Behind `requireUser`: lets administrators in. */
export const requireAdministrator: RequestHandler = (request, _response, next) => {
  next(
    currentUser(request).administrator
      ? undefined
      : new Forbidden(t("Only administrators may see this.")),
  );
};

/** For the pages of those who are not logged in yet. */
export const requireNobody: RequestHandler = (request, response, next) => {
  if (request.user) {
    response.redirect(303, "/");
  } else {
    next();
  }
};

export function currentUser(request: Request): Person {
  if (request.user) {
    return request.user;
  } else {
    throw new Unauthenticated();
  }
}

/** Says, without telling who they are, that a form was made for this person. */
export function authorMark(userId: string): string {
  return signature(sessionSecret(), "author", userId);
}

function loginPath(next: string): string {
  return next === "/" ? "/login" : `/login?next=${encodeURIComponent(next)}`;
}

// The session ended while somebody was typing: the login form carries their words through.
async function askToLogIn(request: Request, response: Response) {
  const { prompt, conversation } = keep(request.body, CARRIED);
  // Without a question there is nothing that the rest would be said of.
  const typed = keep(request.body, prompt ? CARRIED : []);
  const next = conversation ? safePath(`/conversations/${conversation}`) : pageBefore(request);

  response.status(401);
  await response.page("auth/sessions/new", {
    title: t("Log in"),
    form: { values: { ...typed, username: "", next }, errors: {} },
  });
}

// A button such as Stop was pressed on a page of ours, and there the person goes on.
function pageBefore(request: Request): string {
  const referer = request.get("Referer") ?? "";
  if (!URL.canParse(referer) || new URL(referer).host !== request.get("Host")) return "/";

  const { pathname, search } = new URL(referer);
  return safePath(pathname + search);
}
