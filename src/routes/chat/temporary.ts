import { type Request, type Response, Router } from "express";
import { Problem } from "../../errors.js";
import { refuse } from "../../forms/form.js";
import { PARAMETER_FIELDS } from "../../forms/parameters.js";
import * as temporary from "../../generator/temporary.js";
import { t } from "../../lib/texts.js";
import { currentUser } from "../../middleware/authentication.js";
import { showingAgain } from "../../middleware/errors.js";
import { flash } from "../../middleware/flash.js";
import { rateLimits } from "../../middleware/rate-limits.js";
import { readParameters } from "./choices.js";
import { idIn, questionIn, showBlank, showTemporary, wordsIn } from "./temporary-page.js";

export const temporaryRoutes = Router();

type TemporaryRequest = Request<{ id: string }>;

temporaryRoutes.get("/", blank);
temporaryRoutes.post("/", rateLimits.question, create);
temporaryRoutes.get("/:id", show);
temporaryRoutes.post("/:id", rateLimits.question, reply);
temporaryRoutes.delete("/:id", destroy);
temporaryRoutes.use(showingAgain(showAgain));

async function blank(request: Request, response: Response) {
  await showBlank(request, response);
}

async function show(request: TemporaryRequest, response: Response) {
  const conversation = temporary.find(currentUser(request).id, request.params.id);
  const message = idIn(request.query.message);
  if (message !== null) conversation.tree.read(message);
  await showTemporary(response, conversation);
}

async function create(request: Request, response: Response) {
  const question = questionIn(request);
  const chosen = readParameters(request.body);
  if (!chosen.ok)
    throw new Problem(422, Object.values(chosen.errors)[0] ?? t("The settings are wrong."));

  const { id: userId } = currentUser(request);
  const draft = { ...question, conversationId: null, parameters: chosen.value };
  const { id } = await temporary.ask(userId, draft);
  response.redirect(303, `/temporary/${id}`);
}

async function reply(request: TemporaryRequest, response: Response) {
  const { id: userId } = currentUser(request);
  const { id: conversationId } = temporary.find(userId, request.params.id);
  const parentId = idIn(request.body?.parent);
  await temporary.ask(userId, { ...questionIn(request), conversationId, parentId });
  response.redirect(303, `/temporary/${conversationId}`);
}

async function destroy(request: TemporaryRequest, response: Response) {
  temporary.end(currentUser(request).id, request.params.id);
  flash(response, "temporaryEnded");
  response.redirect(303, "/");
}

/** Whatever refused the question: the page it came from says why, and keeps the text. */
async function showAgain(request: Request, response: Response, problem: Problem) {
  const [, id] = /^\/([^/]+)/.exec(request.path) ?? [];
  const typed = { text: wordsIn(request), error: problem.message };
  const found = temporary.listOf(currentUser(request).id).find((one) => one.id === id);
  if (found) return showTemporary(response, found, typed);

  const chosen = readParameters(request.body);
  const errors = chosen.ok ? {} : chosen.errors;
  await showBlank(request, response, typed, refuse(request.body, PARAMETER_FIELDS, errors));
}
