import { type Response, Router } from "express";
import * as generator from "../../generator/generator.js";
import { currentUser } from "../../middleware/authentication.js";
import { rateLimits } from "../../middleware/rate-limits.js";
import { addressOf, type MessageRequest, messageIdOf } from "./answer.js";

export const continuationRoutes = Router({ mergeParams: true });

continuationRoutes.post("/", rateLimits.question, create);

async function create(request: MessageRequest, response: Response) {
  const begun = await generator.resume(currentUser(request).id, messageIdOf(request));
  response.redirect(303, addressOf(begun));
}
