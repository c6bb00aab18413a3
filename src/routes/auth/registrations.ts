import { type Request, type Response, Router } from "express";
import { config } from "../../config.js";
import { Forbidden } from "../../errors.js";
import { type Refused, refuse } from "../../forms/form.js";
import { registrationForm } from "../../forms/registration.js";
import { t } from "../../lib/texts.js";
import { flash } from "../../middleware/flash.js";
import { rateLimits } from "../../middleware/rate-limits.js";
import { keepingWords } from "../../middleware/refusals.js";
import { noteSecurity } from "../../middleware/security-events.js";
import { logIn } from "../../middleware/sessions.js";
import { requireStorage } from "../../middleware/storage.js";
import * as firstRun from "../../models/first-run.js";
import * as users from "../../models/users.js";

export const registrationRoutes = Router();

const KEPT = ["username", "setupToken"];
const { minLength } = config.passwords;

registrationRoutes.use(onlyWhileOpen);
registrationRoutes.get("/", blank);
registrationRoutes.post("/", requireStorage, rateLimits.register, create);
registrationRoutes.use(keepingWords(KEPT, show));

async function blank(_request: Request, response: Response) {
  await show(response, { values: {}, errors: {} });
}

async function create(request: Request, response: Response) {
  const form = registrationForm(request.body, minLength);
  if (!form.ok) return refused(response, 422, form);

  const { username, password, setupToken } = form.value;
  if (!(await firstRun.allowsRegistration(setupToken))) {
    const errors = {
      setupToken: t("This is not the token that the server printed when it started."),
    };
    return refused(response, 403, refuse(request.body, KEPT, errors));
  }

  const register = config.registration === "open" ? users.register : users.registerFirst;
  const registered = await register(username, password);
  if ("taken" in registered) {
    const errors = { username: t("User already exists.") };
    return refused(response, 409, refuse(request.body, KEPT, errors));
  } else if ("weak" in registered) {
    return refused(response, 422, refuse(request.body, KEPT, { password: registered.weak }));
  }

  await logIn(request, response, registered.person);
  noteSecurity(request, "registered");
  flash(response, "registered");
  response.redirect(303, "/");
}

async function onlyWhileOpen(
  _request: Request,
  _response: Response,
  next: (error?: unknown) => void,
) {
  const isOpen = config.registration === "open" || !(await users.hasFounder());
  next(
    isOpen
      ? undefined
      : new Forbidden(t("Registration is closed here. Ask your administrator for an account.")),
  );
}

async function refused(response: Response, status: number, form: Refused) {
  response.status(status);
  await show(response, form);
}

async function show(response: Response, form: Refused) {
  await response.page("auth/registrations/new", {
    title: t("Create an account"),
    form,
    passwordMinLength: minLength,
    asksSetupToken: (await firstRun.setupToken()) !== null,
  });
}
