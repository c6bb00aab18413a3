import { type Request, type Response, Router } from "express";
import * as generator from "../../generator/generator.js";
import * as temporary from "../../generator/temporary.js";
import { t } from "../../lib/texts.js";
import { flash } from "../../middleware/flash.js";
import { noteSecurity } from "../../middleware/security-events.js";
import { logOut } from "../../middleware/sessions.js";

export const logoutRoutes = Router();

logoutRoutes.get("/", show);
logoutRoutes.post("/", destroy);

async function show(_request: Request, response: Response) {
  await response.page("auth/sessions/destroy", { title: t("Log out") });
}

async function destroy(request: Request, response: Response) {
  const userId = request.user?.id;
  noteSecurity(request, "logged-out");
  await logOut(request, response);
  if (userId) {
    generator.disconnect(userId);
    temporary.endAll(userId);
  }
  flash(response, "loggedOut");
  response.redirect(303, "/login");
}
