import { type Request, type Response, Router } from "express";
import { NotFound } from "../../errors.js";
import { pageNumber } from "../../forms/paging.js";
import { safePath } from "../../forms/sign-in.js";
import { t } from "../../lib/texts.js";
import { currentUser } from "../../middleware/authentication.js";
import { flash } from "../../middleware/flash.js";
import * as conversations from "../../models/conversations.js";
import { pageLinks } from "./listing.js";

export const archiveRoutes = Router();
export const archivingRoutes = Router({ mergeParams: true });

type ArchivingRequest = Request<{ id: string }>;

archiveRoutes.get("/", index);

archivingRoutes.post("/", create);
archivingRoutes.delete("/", destroy);

async function index(request: Request, response: Response) {
  const found = await conversations.archived(
    currentUser(request).id,
    pageNumber(request.query.page),
  );
  await response.page("chat/archive/index", { title: t("Archive"), page: pageLinks(found) });
}

async function create(request: ArchivingRequest, response: Response) {
  const count = await conversations.archive(currentUser(request).id, [request.params.id]);
  if (count === 0) throw new NotFound();

  flash(response, "archived");
  response.redirect(303, safePath(request.body?.back ?? "/"));
}

async function destroy(request: ArchivingRequest, response: Response) {
  const { id } = request.params;
  const count = await conversations.unarchive(currentUser(request).id, [id]);
  if (count === 0) throw new NotFound();

  flash(response, "unarchived");
  response.redirect(303, safePath(request.body?.back ?? `/conversations/${id}`));
}
