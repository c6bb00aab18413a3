import { type Response, Router } from "express";
import { config } from "../../config.js";
import type { Problem } from "../../errors.js";
import { keep } from "../../forms/form.js";
import * as temporary from "../../generator/temporary.js";
import { addressOf } from "../../helpers/temporary-view.js";
import { t } from "../../lib/texts.js";
import { randomToken } from "../../lib/tokens.js";
import { currentUser } from "../../middleware/authentication.js";
import { showingAgain } from "../../middleware/errors.js";
import { rateLimits } from "../../middleware/rate-limits.js";
import { readWriter, versionOptions } from "./choices.js";
import { type MessageRequest, placeIn, questionIn, WORDS, wordsIn } from "./temporary-page.js";

export const temporaryVersionRoutes = Router({ mergeParams: true });

temporaryVersionRoutes.get("/new", blank);
temporaryVersionRoutes.post("/", rateLimits.question, create);
temporaryVersionRoutes.use(showingAgain(showAgain));

async function blank(request: MessageRequest, response: Response) {
  await show(request, response, null);
}

/** Another version of a question, beside it, with an answer of its own. */
async function create(request: MessageRequest, response: Response) {
  const { id: userId } = currentUser(request);
  const { id: conversationId, messageId: versionOf } = placeIn(request);
  temporary.find(userId, conversationId).tree.question(versionOf);
  const writer = readWriter(request.body);
  const draft = { ...questionIn(request), conversationId, versionOf, writer };
  await temporary.ask(userId, draft);
  response.redirect(303, `/temporary/${conversationId}`);
}

/** Whatever refused the version: its form says why, and keeps the text. */
async function showAgain(request: MessageRequest, response: Response, problem: Problem) {
  const { model } = keep(request.body, ["model"]);
  await show(request, response, { text: wordsIn(request), error: problem.message, model });
}

interface Typed {
  text: string;
  error: string;
  model: string | undefined;
}

async function show(request: MessageRequest, response: Response, typed: Typed | null) {
  const { id, messageId } = placeIn(request);
  const { tree, parameters } = temporary.find(currentUser(request).id, id);
  const { text } = tree.question(messageId);
  await response.page("chat/versions/new", {
    title: t("Edit your question"),
    openId: id,
    version: {
      questionId: messageId,
      conversationId: null,
      ...{ path: `/temporary/${id}/messages/${messageId}`, field: WORDS },
      address: addressOf(id, messageId),
      text: typed?.text ?? text,
      error: typed?.error ?? null,
      models: versionOptions(parameters),
      model: typed?.model,
      key: randomToken(),
      limit: config.limits.promptCharacters,
      picker: null,
    },
  });
}
