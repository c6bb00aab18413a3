import { type Request, type Response, Router } from "express";
import { TooMany } from "../../errors.js";
import { keep, type Refused, refuse } from "../../forms/form.js";
import { PARAMETER_FIELDS } from "../../forms/parameters.js";
import { CARRIED, type Luggage, readLuggage, safePath, signInForm } from "../../forms/sign-in.js";
import { spokenDuration } from "../../lib/spoken.js";
import { t } from "../../lib/texts.js";
import { isSame } from "../../lib/tokens.js";
import { authorMark, requireNobody } from "../../middleware/authentication.js";
import { flash } from "../../middleware/flash.js";
import { rateLimits } from "../../middleware/rate-limits.js";
import { keepingWords } from "../../middleware/refusals.js";
import { noteSecurity } from "../../middleware/security-events.js";
import { authenticate, logIn } from "../../middleware/sessions.js";
import { requireStorage } from "../../middleware/storage.js";
import * as conversations from "../../models/conversations.js";
import type { Person } from "../../models/users.js";

export const sessionRoutes = Router();

sessionRoutes.get("/", requireNobody, blank);
sessionRoutes.post("/", requireStorage, rateLimits.logIn, create);
sessionRoutes.use(keepingWords(CARRIED, show));

async function blank(request: Request, response: Response) {
  await show(response, { values: { next: safePath(request.query.next) }, errors: {} });
}

async function create(request: Request, response: Response) {
  if (request.user) return goOn(request, response, request.user);

  const form = signInForm(request.body);
  if (!form.ok) return refused(request, response);

  const outcome = await authenticate(request, response);
  if ("waitSeconds" in outcome) {
    const wait = spokenDuration(outcome.waitSeconds);
    const message = t("There were too many wrong passwords for this name. Try again in {wait}.", {
      wait,
    });
    throw new TooMany(message, outcome.waitSeconds, "failed_logins");
  } else if ("wrong" in outcome) {
    noteSecurity(request, "login-failed", outcome);
    return refused(request, response);
  }

  await logIn(request, response, outcome.person);
  noteSecurity(request, "logged-in");
  const { code, next } = await comeBack(request, form.value, outcome.person);
  flash(response, code);
  response.redirect(303, next);
}

// Somebody logged in meanwhile, in another tab: what this form carries is kept all the same.
async function goOn(request: Request, response: Response, person: Person) {
  const { next } = await comeBack(request, readLuggage(request.body), person);
  response.redirect(303, next);
}

// Where to go on. What was typed is only for the person who typed it: whoever else logs in here does
// not get their words. A conversation may be gone meanwhile; a new one has room for every text.
async function comeBack(request: Request, form: Luggage, person: Person) {
  const elsewhere = { code: "loggedIn", next: safePath(form.next) } as const;
  if (form.prompt === "") return elsewhere;
  if (!isSame(form.author, authorMark(person.id))) return { ...elsewhere, next: "/" };

  const isThere = await conversations.exists(person.id, form.conversation);
  const conversationId = isThere ? form.conversation : null;
  const chosen = keep(request.body, PARAMETER_FIELDS);
  request.session.draft = { text: form.prompt, conversationId, chosen };
  return { code: "draftKept", next: isThere ? `/conversations/${conversationId}` : "/" } as const;
}

async function refused(request: Request, response: Response) {
  response.status(401);
  await show(response, refuse(request.body, CARRIED, { form: t("Invalid username or password") }));
}

async function show(response: Response, form: Refused) {
  await response.page("auth/sessions/new", {
    title: t("Log in"),
    form: { ...form, values: { ...form.values, next: safePath(form.values.next) } },
  });
}
