import { type Request, type Response, Router } from "express";
import { pageNumber } from "../../forms/paging.js";
import { t } from "../../lib/texts.js";
import { currentUser } from "../../middleware/authentication.js";
import { flash } from "../../middleware/flash.js";
import { noteSecurity } from "../../middleware/security-events.js";
import { takeLink } from "../../middleware/sharing.js";
import { revoke, revokeAll } from "../../models/shares/ending.js";
import * as shares from "../../models/shares.js";
import { pageLinks } from "./listing.js";

export const shareRoutes = Router();

type ShareRequest = Request<{ id: string }>;

shareRoutes.get("/", index);
shareRoutes.delete("/", destroyAll);
shareRoutes.get("/:id", show);
shareRoutes.delete("/:id", destroy);

async function index(request: Request, response: Response) {
  const found = await shares.page(currentUser(request).id, pageNumber(request.query.page));
  await response.page("chat/shares/index", { title: t("Shared links"), page: pageLinks(found) });
}

async function show(request: ShareRequest, response: Response) {
  const share = await shares.find(currentUser(request).id, request.params.id);
  const link = takeLink(request, response, share.id);
  await response.page("chat/shares/show", { title: share.title, share, link });
}

async function destroy(request: ShareRequest, response: Response) {
  await revoke(currentUser(request).id, request.params.id);
  noteSecurity(request, "share-revoked");
  flash(response, "shareRevoked");
  response.redirect(303, "/account/shares");
}

async function destroyAll(request: Request, response: Response) {
  await revokeAll(currentUser(request).id);
  noteSecurity(request, "share-revoked");
  flash(response, "sharesRevoked");
  response.redirect(303, "/account/shares");
}
