import { type Request, type Response, Router } from "express";
import { config } from "../../config.js";
import { passwordResetForm } from "../../forms/password-change.js";
import * as generator from "../../generator/generator.js";
import { t } from "../../lib/texts.js";
import { flash } from "../../middleware/flash.js";
import { rateLimits } from "../../middleware/rate-limits.js";
import { noteSecurity } from "../../middleware/security-events.js";
import { requireStorage } from "../../middleware/storage.js";
import * as passwordResets from "../../models/password-resets.js";

export const passwordResetRoutes = Router();

type ResetRequest = Request<{ token: string }>;
type Errors = Record<string, string>;

passwordResetRoutes.get("/:token", rateLimits.logIn, edit);
passwordResetRoutes.post("/:token", requireStorage, rateLimits.logIn, update);

async function edit(request: ResetRequest, response: Response) {
  await show(request, response, {});
}

async function update(request: ResetRequest, response: Response) {
  const form = passwordResetForm(request.body, config.passwords.minLength);
  if (!form.ok) return refused(request, response, form.errors);

  const used = await passwordResets.use(request.params.token, form.value.password);
  if ("weak" in used) return refused(request, response, { password: used.weak });

  const { userId } = used;
  noteSecurity(request, "password-reset", { userId });
  generator.disconnect(userId);
  flash(response, "passwordReset");
  response.redirect(303, "/login");
}

async function refused(request: ResetRequest, response: Response, errors: Errors) {
  response.status(422);
  await show(request, response, errors);
}

async function show(request: ResetRequest, response: Response, errors: Errors) {
  const { token } = request.params;
  const { user } = await passwordResets.find(token);

  await response.page("auth/password-resets/edit", {
    title: t("Choose a new password"),
    form: { values: {}, errors },
    token,
    username: user.username,
    passwordMinLength: config.passwords.minLength,
  });
}
