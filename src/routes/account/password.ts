import { type Request, type Response, Router } from "express";
import { config } from "../../config.js";
import { TooMany } from "../../errors.js";
import { type PasswordChange, passwordChangeForm } from "../../forms/password-change.js";
import * as generator from "../../generator/generator.js";
import { spokenDuration } from "../../lib/spoken.js";
import { t } from "../../lib/texts.js";
import { currentUser } from "../../middleware/authentication.js";
import { flash } from "../../middleware/flash.js";
import { rateLimits } from "../../middleware/rate-limits.js";
import { keepingWords } from "../../middleware/refusals.js";
import { noteSecurity } from "../../middleware/security-events.js";
import { knownBrowser, logIn } from "../../middleware/sessions.js";
import { requireStorage } from "../../middleware/storage.js";
import { weakness } from "../../models/passwords/strength.js";
import { signIn } from "../../models/sign-ins.js";
import * as users from "../../models/users.js";

export const passwordRoutes = Router();

type Errors = Record<string, string>;

passwordRoutes.get("/", edit);
passwordRoutes.post("/", requireStorage, rateLimits.logIn, update);
passwordRoutes.use(keepingWords([], (response, form) => show(response, form.errors)));

async function edit(_request: Request, response: Response) {
  await show(response, {});
}

async function update(request: Request, response: Response) {
  const person = currentUser(request);
  const form = passwordChangeForm(request.body, config.passwords.minLength);
  const errors = form.ok ? await complaints(request, form.value) : form.errors;
  if (!form.ok || errors) return refused(response, errors ?? {});

  await users.changePassword(person.id, form.value.password);
  generator.disconnect(person.id);
  noteSecurity(request, "password-changed");
  await logIn(request, response, person);
  flash(response, "passwordChanged");
  response.redirect(303, "/account");
}

// A wrong current password counts as a failed login of this browser: this is the same lock.
async function complaints(
  request: Request,
  { current, password }: PasswordChange,
): Promise<Errors | null> {
  const { username } = currentUser(request);
  const outcome = await signIn(username, current, (id) => knownBrowser(request, id));
  if ("waitSeconds" in outcome) {
    const wait = spokenDuration(outcome.waitSeconds);
    throw new TooMany(
      t("There were too many wrong passwords. Try again in {wait}.", { wait }),
      outcome.waitSeconds,
      "failed_logins",
    );
  }
  if ("wrong" in outcome) {
    noteSecurity(request, "password-change-failed");
    return { current: t("This is not your current password.") };
  }

  const weak = await weakness(password, username);
  return weak ? { password: weak } : null;
}

async function refused(response: Response, errors: Errors) {
  response.status(422);
  await show(response, errors);
}

async function show(response: Response, errors: Errors) {
  await response.page("account/password/edit", {
    title: t("Change your password"),
    form: { values: {}, errors },
    passwordMinLength: config.passwords.minLength,
  });
}
