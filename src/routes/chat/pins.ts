import { type Request, type Response, Router } from "express";
import { safePath } from "../../forms/sign-in.js";
import { currentUser } from "../../middleware/authentication.js";
import * as conversations from "../../models/conversations.js";

export const pinRoutes = Router({ mergeParams: true });

type PinRequest = Request<{ id: string }>;

pinRoutes.post("/", create);
pinRoutes.delete("/", destroy);

async function create(request: PinRequest, response: Response) {
  await conversations.pin(currentUser(request).id, request.params.id);
  goBack(request, response);
}

async function destroy(request: PinRequest, response: Response) {
  await conversations.unpin(currentUser(request).id, request.params.id);
  goBack(request, response);
}

function goBack(request: PinRequest, response: Response) {
  response.redirect(303, safePath(request.body?.back ?? `/conversations/${request.params.id}`));
}
