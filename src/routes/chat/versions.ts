import { type Response, Router } from "express";
import { config } from "../../config.js";
import { NotFound, Problem } from "../../errors.js";
import { keep } from "../../forms/form.js";
import { filesOf, messageForm } from "../../forms/message.js";
import * as generator from "../../generator/generator.js";
import { messageView } from "../../helpers/message-view.js";
import { t } from "../../lib/texts.js";
import { randomToken } from "../../lib/tokens.js";
import { currentUser } from "../../middleware/authentication.js";
import { showingAgain } from "../../middleware/errors.js";
import { rateLimits } from "../../middleware/rate-limits.js";
import { refuseUnlessReceived } from "../../middleware/uploads.js";
import * as attached from "../../models/files.js";
import * as messages from "../../models/messages.js";
import * as parameters from "../../models/parameters.js";
import { type MessageRequest, messageIdOf } from "./answer.js";
import { readWriter, versionOptions } from "./choices.js";
import { showGone, type Typed } from "./conversation-page.js";
import { pickerFor } from "./picker.js";

export const versionRoutes = Router({ mergeParams: true });

versionRoutes.get("/new", blank);
versionRoutes.post("/", rateLimits.question, create);
versionRoutes.get("/", back);
versionRoutes.use(showingAgain(showAgain));

async function blank(request: MessageRequest, response: Response) {
  await show(request, response, null);
}

/** Another version of a question, beside it, with an answer of its own. */
async function create(request: MessageRequest, response: Response) {
  refuseUnlessReceived(request);
  const form = messageForm(request.body, config.limits.promptCharacters);
  if (!form.ok)
    throw new Problem(422, Object.values(form.errors)[0] ?? t("Prompt cannot be empty."));

  const { id: userId } = currentUser(request);
  const { prompt: text, key } = form.value;
  const draft = {
    text,
    key,
    conversationId: null,
    parentId: null,
    writer: readWriter(request.body),
  };
  const asked = await generator.ask(userId, {
    ...draft,
    versionOf: messageIdOf(request),
    files: await attached.ready(userId, form.value.files),
  });
  response.redirect(303, `/conversations/${asked.conversationId}`);
}

/** Whatever refused the version: its form says why, and keeps the text and its files. */
async function showAgain(request: MessageRequest, response: Response, problem: Problem) {
  const { prompt: text = "", model } = keep(request.body, ["prompt", "model"]);
  const files = await attached.present(currentUser(request).id, filesOf(request.body));
  const typed = { text, error: problem.message, files };

  try {
    await show(request, response, typed, model);
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    await showGone(request, response, typed);
  }
}

// The address of a refused version, opened again.
async function back(request: MessageRequest, response: Response) {
  const { id } = await questionOf(request);
  response.redirect(303, `/messages/${id}/versions/new`);
}

async function show(
  request: MessageRequest,
  response: Response,
  typed: Typed | null,
  model?: string,
) {
  const row = await questionOf(request);
  const { id, conversationId, address, question } = messageView(row, null);
  const chosen = await parameters.find(currentUser(request).id, conversationId);
  await response.page("chat/versions/new", {
    title: t("Edit your question"),
    openId: conversationId,
    version: {
      questionId: id,
      ...{ path: `/messages/${id}`, field: "prompt" },
      conversationId,
      address,
      text: typed?.text ?? question,
      error: typed?.error ?? null,
      models: versionOptions(chosen),
      model,
      key: randomToken(),
      limit: config.limits.promptCharacters,
      picker: pickerFor(typed?.files ?? row.files),
    },
  });
}

async function questionOf(request: MessageRequest): Promise<messages.Shown> {
  const row = await messages.find(currentUser(request).id, messageIdOf(request));

  if (row.role === "question") {
    return row;
  } else {
    throw new NotFound();
  }
}
