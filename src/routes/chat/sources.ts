import { type Response, Router } from "express";
import { currentUser } from "../../middleware/authentication.js";
import * as messages from "../../models/messages.js";
import { type AnswerRequest, answerIdOf } from "./answer.js";

export const sourceRoutes = Router({ mergeParams: true });

sourceRoutes.get("/", show);

/** The Markdown of an answer, for the button that copies it. */
async function show(request: AnswerRequest, response: Response) {
  const { body } = await messages.sources(currentUser(request).id, answerIdOf(request));
  response.set("Cache-Control", "no-store").type("text/plain").send(body);
}
