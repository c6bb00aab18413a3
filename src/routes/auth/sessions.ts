import { type Request, type Response, Router } from "express";
import { config } from "../../config.js";
import { TooMany } from "../../errors.js";
import { refuse } from "../../forms/form.js";
import { CARRIED, type SignIn, safePath, signInForm } from "../../forms/sign-in.js";
import { log } from "../../lib/log.js";
import { spokenDuration } from "../../lib/text.js";
import { isSame } from "../../lib/tokens.js";
import { authorMark } from "../../middleware/authentication.js";
import { flash } from "../../middleware/flash.js";
import { rateLimits } from "../../middleware/rate-limits.js";
import { keepingWords } from "../../middleware/refusals.js";
import { authenticate, logIn } from "../../middleware/sessions.js";
import type { Person } from "../../models/users.js";

export const sessionRoutes = Router();

sessionRoutes.get("/", blank);
sessionRoutes.post("/", rateLimits.logIn, create);
sessionRoutes.use(keepingWords(CARRIED, show));

async function blank(request: Request, response: Response) {
  await show(response, { values: { next: safePath(request.query.next) }, errors: {} });
}

async function create(request: Request, response: Response) {
  const form = signInForm(request.body);
  if (!form.ok) return refused(request, response);

  const outcome = await authenticate(request, response);
  if ("waitSeconds" in outcome) {
    const wait = spokenDuration(outcome.waitSeconds);
    const message = `There were too many wrong passwords for this name. Try again in ${wait}.`;
    throw new TooMany(message, outcome.waitSeconds);
  } else if ("wrong" in outcome) {
    log.info({ event: "login-failed", id: request.id }, "a login failed");
    return refused(request, response);
  }

  log.info({ event: "logged-in", userId: outcome.person.id, id: request.id }, "somebody logged in");
  await logIn(request, response, outcome.person);
  flash(response, keepDraft(request, form.value, outcome.person) ? "draftKept" : "loggedIn");
  response.redirect(303, safePath(form.value.next));
}

// Only for the person who typed it: whoever else logs in here does not get their words.
function keepDraft(request: Request, form: SignIn, person: Person): boolean {
  const isTheirs = form.prompt !== "" && isSame(form.author, authorMark(person.id));
  if (isTheirs) {
    request.session.draft = { text: form.prompt, conversationId: form.conversation || null };
  }
  return isTheirs;
}

async function refused(request: Request, response: Response) {
  response.status(401);
  await show(response, refuse(request.body, CARRIED, { form: "Invalid username or password" }));
}

interface Shown {
  values: Record<string, string>;
  errors: Record<string, string>;
}

async function show(response: Response, form: Shown) {
  await response.page("auth/sessions/new", {
    title: "Log in",
    form: { ...form, values: { ...form.values, next: safePath(form.values.next) } },
    registrationOpen: config.registration === "open",
  });
}
