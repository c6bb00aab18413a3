import { promisify } from "node:util";
import type { Request, RequestHandler, Response } from "express";
import session from "express-session";
import passport from "passport";
import { Strategy, type VerifyFunctionWithRequest } from "passport-local";
import { config } from "../config.js";
import { browserFamily } from "../lib/browser.js";
import { randomToken } from "../lib/tokens.js";
import { type SignedIn, signIn } from "../models/sign-ins.js";
import * as users from "../models/users.js";
import { sessionSecret } from "../stores/secrets.js";
import { sessionStore } from "../stores/session-store.js";
import { ATTRIBUTES, clearSession, readSigned, SESSION_COOKIE, setSigned } from "./cookies.js";
import { noteSecurity } from "./security-events.js";

const DAY_MS = 86_400_000;
const YEAR_MS = 365 * DAY_MS;

/** express-session and passport, wired; afterwards `req.user` is the person, if somebody is logged in. */
export function sessions(): RequestHandler[] {
  passport.use(new Strategy({ passReqToCallback: true }, verify));
  passport.serializeUser((user, done) => done(null, user.id));
  passport.deserializeUser((id: string, done) => {
    users.findActive(id).then((person) => done(null, person ?? false), done);
  });

  return [
    headerOnly,
    session({
      name: SESSION_COOKIE,
      secret: sessionSecret(),
      store: sessionStore,
      resave: false,
      saveUninitialized: false,
      proxy: config.https ? true : undefined,
      cookie: { ...ATTRIBUTES, maxAge: config.sessions.absoluteDays * DAY_MS },
    }),
    passport.session(),
    sameBrowser,
  ];
}

/** Checks name and password through passport's local strategy. */
export function authenticate(request: Request, response: Response): Promise<SignedIn> {
  return new Promise((resolve, reject) => {
    const settle = (error: unknown, _user: unknown, outcome: SignedIn) =>
      error ? reject(error) : resolve(outcome);
    passport.authenticate("local", settle)(request, response, reject);
  });
}

/** Starts a session under a new id; what an earlier one held is gone. */
export async function logIn(request: Request, response: Response, person: users.Person) {
  // One that came from another browser has just been ended, and passport needs one to replace.
  if (!request.session) request.sessionStore.generate(request);
  await promisify<users.Person>(request.logIn.bind(request))(person);
  request.session.browser = browserFamily(request.get("User-Agent"));
  setSigned(response, "known", `${person.id}:${randomToken()}`, YEAR_MS);
}

/** Deletes the session in the store and its cookie in the browser. */
export async function logOut(request: Request, response: Response) {
  if (request.session) await promisify(request.session.destroy.bind(request.session))();
  clearSession(response);
  response.setHeader("Clear-Site-Data", '"cache"');
}

/** The mark of a browser in which this person has logged in before, or null. */
export function knownBrowser(request: Request, userId: string): string | null {
  const known = readSigned(request, "known");
  return known?.startsWith(`${userId}:`) ? known : null;
}

// express-session falls back to what cookie-parser read, and trips where that is an object (`j:{}`).
const headerOnly: RequestHandler = (request, _response, next) => {
  delete request.cookies[SESSION_COOKIE];
  next();
};

const verify: VerifyFunctionWithRequest = (request, username, password, done) => {
  signIn(username.trim(), password, (id) => knownBrowser(request, id)).then(
    // Passport hands the third value on as it is; its types know only a message.
    (outcome) => done(null, "person" in outcome && outcome.person, outcome as never),
    done,
  );
};

// A session that turns up in another browser was carried there: it ends for both.
const sameBrowser: RequestHandler = (request, response, next) => {
  const family = browserFamily(request.get("User-Agent"));
  if (!request.user || request.session.browser === family) return next();

  noteSecurity(request, "session-moved", { to: family });
  request.user = undefined;
  logOut(request, response).then(() => next(), next);
};
