import { type Response, Router } from "express";
import * as generator from "../../generator/generator.js";
import { currentUser } from "../../middleware/authentication.js";
import { rateLimits } from "../../middleware/rate-limits.js";
import { type AnswerRequest, addressOf, answerIdOf } from "./answer.js";

export const continuationRoutes = Router({ mergeParams: true });

continuationRoutes.post("/", rateLimits.question, create);

async function create(request: AnswerRequest, response: Response) {
  const begun = await generator.resume(currentUser(request).id, answerIdOf(request));
  response.redirect(303, addressOf(begun));
}
