import { type Request, type Response, Router } from "express";
import { t } from "../../lib/texts.js";
import { currentUser } from "../../middleware/authentication.js";
import { flash } from "../../middleware/flash.js";
import { permit, rateLimits } from "../../middleware/rate-limits.js";
import { requireSharing } from "../../middleware/sharing.js";
import { requireStorage } from "../../middleware/storage.js";
import * as copies from "../../models/shares/copies.js";
import { openedWith } from "./access.js";

export const sharedCopyRoutes = Router({ mergeParams: true });

type SharedRequest = Request<{ token: string }>;

sharedCopyRoutes.use(requireSharing);
sharedCopyRoutes.get("/new", blank);
sharedCopyRoutes.post("/", requireStorage, rateLimits.question, create);

async function blank(request: SharedRequest, response: Response) {
  const { ticket } = request.query;
  const share = await openedWith(request.params.token, ticket);
  if (!share) return response.redirect(303, `/s/${request.params.token}`);

  await response.page("shared/copies/new", {
    title: t("Continue from a shared conversation"),
    ...{ share, ticket, token: request.params.token },
  });
}

async function create(request: SharedRequest, response: Response) {
  const share = await openedWith(request.params.token, request.body?.ticket);
  if (!share) return response.redirect(303, `/s/${request.params.token}`);

  // Its files are uploaded, if not from here.
  if (share.showsFiles) await permit(rateLimits.upload, request);
  const { conversationId, question, files } = await copies.create(
    currentUser(request).id,
    share.id,
  );
  if (question === null) {
    flash(response, "copied");
  } else {
    request.session.draft = { text: question, conversationId, files };
    flash(response, "copiedQuestion");
  }
  response.redirect(303, conversationId ? `/conversations/${conversationId}` : "/");
}
