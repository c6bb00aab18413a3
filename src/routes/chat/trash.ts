import { type Request, type Response, Router } from "express";
import { NotFound } from "../../errors.js";
import { pageNumber } from "../../forms/paging.js";
import { t } from "../../lib/texts.js";
import { currentUser } from "../../middleware/authentication.js";
import { flash } from "../../middleware/flash.js";
import * as trash from "../../models/conversations/trash.js";
import { pageLinks } from "./listing.js";

export const trashRoutes = Router();

type DiscardedRequest = Request<{ id: string }>;

trashRoutes.get("/", index);
trashRoutes.delete("/", empty);
trashRoutes.delete("/:id", destroy);
trashRoutes.post("/:id/restoration", restore);

async function index(request: Request, response: Response) {
  const found = await trash.page(currentUser(request).id, pageNumber(request.query.page));
  await response.page("chat/trash/index", { title: t("Trash"), page: pageLinks(found) });
}

async function restore(request: DiscardedRequest, response: Response) {
  const { id } = request.params;
  const count = await trash.restore(currentUser(request).id, [id]);
  if (count === 0) throw new NotFound();

  flash(response, "restored");
  response.redirect(303, `/conversations/${id}`);
}

async function destroy(request: DiscardedRequest, response: Response) {
  await trash.erase(currentUser(request).id, request.params.id);
  flash(response, "erased");
  response.redirect(303, "/trash");
}

async function empty(request: Request, response: Response) {
  await trash.empty(currentUser(request).id);
  flash(response, "emptied");
  response.redirect(303, "/trash");
}
