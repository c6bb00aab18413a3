import { type Request, type Response, Router } from "express";
import { currentUser } from "../../../middleware/authentication.js";
import { noteSecurity } from "../../../middleware/security-events.js";
import { handOver, requireSharing } from "../../../middleware/sharing.js";
import { requireStorage } from "../../../middleware/storage.js";
import * as shares from "../../../models/shares.js";

export const shareLinkRoutes = Router({ mergeParams: true });

shareLinkRoutes.post("/", requireSharing, requireStorage, create);

/** Another link to the same; the one before opens nothing any more. */
async function create(request: Request<{ id: string }>, response: Response) {
  const { id } = request.params;
  const token = await shares.relink(currentUser(request).id, id);
  noteSecurity(request, "shared", { share: id });
  handOver(response, { id, token });
  response.redirect(303, `/account/shares/${id}`);
}
