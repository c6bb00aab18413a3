import { type Response, Router } from "express";
import { currentUser } from "../../middleware/authentication.js";
import * as messages from "../../models/messages.js";
import { type MessageRequest, messageIdOf } from "./answer.js";

export const sourceRoutes = Router({ mergeParams: true });

sourceRoutes.get("/", show);

/** The Markdown of an answer, for the button that copies it. */
async function show(request: MessageRequest, response: Response) {
  const { body } = await messages.sources(currentUser(request).id, messageIdOf(request));
  response.set("Cache-Control", "no-store").type("text/plain").send(body);
}
