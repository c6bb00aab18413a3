import { type Response, Router } from "express";
import { currentUser } from "../../middleware/authentication.js";
import { flash } from "../../middleware/flash.js";
import { rateLimits } from "../../middleware/rate-limits.js";
import { requireStorage } from "../../middleware/storage.js";
import * as forks from "../../models/conversations/forks.js";
import { type MessageRequest, messageIdOf } from "./answer.js";

export const forkRoutes = Router({ mergeParams: true });

forkRoutes.post("/", requireStorage, rateLimits.question, create);

async function create(request: MessageRequest, response: Response) {
  const fork = await forks.create(currentUser(request).id, messageIdOf(request));
  const { conversationId, question, files } = fork;

  if (question === null) {
    flash(response, "forked");
  } else {
    request.session.draft = { text: question, conversationId, files };
    flash(response, "forkedQuestion");
  }
  response.redirect(303, conversationId ? `/conversations/${conversationId}` : "/");
}
