import { type NextFunction, type Request, type Response, Router } from "express";
import { config } from "../../config.js";
import { Problem } from "../../errors.js";
import { keep } from "../../forms/form.js";
import { filesOf, messageForm } from "../../forms/message.js";
import { modelField } from "../../forms/model-choice.js";
import { readRowId } from "../../forms/paging.js";
import { PARAMETER_FIELDS } from "../../forms/parameters.js";
import * as generator from "../../generator/generator.js";
import { MOST_FILES } from "../../lib/attached.js";
import { t } from "../../lib/texts.js";
import { currentUser } from "../../middleware/authentication.js";
import { showingAgain } from "../../middleware/errors.js";
import { rateLimits } from "../../middleware/rate-limits.js";
import { refuseUnlessReceived } from "../../middleware/uploads.js";
import * as conversations from "../../models/conversations.js";
import * as drafts from "../../models/drafts.js";
import * as attached from "../../models/files.js";
import type { Parameters } from "../../models/parameters.js";
import { readParameters } from "./choices.js";
import { showBlank, showConversation, showGone } from "./conversation-page.js";

export const messageRoutes = Router({ mergeParams: true });

const FIELDS = ["prompt", "conversation", "parent", "folder", "preset"];

type MessageRequest = Request<{ conversationId?: string }>;

messageRoutes.use(sayStarter);
messageRoutes.post("/", rateLimits.question, create);
messageRoutes.get("/", back);
messageRoutes.use(showingAgain(showAgain));

// A starter is a button of the composer's form, and asked instead of what was typed there. That is kept as a draft, and
// waits on.
function sayStarter(request: MessageRequest, _response: Response, next: NextFunction) {
  const { starter: prompt } = keep(request.body, ["starter"]);
  if (prompt) request.body = { ...request.body, prompt, draft: "" };
  next();
}

async function create(request: MessageRequest, response: Response) {
  refuseUnlessReceived(request);
  const form = messageForm(request.body, config.limits.promptCharacters);
  if (!form.ok)
    throw new Problem(422, Object.values(form.errors)[0] ?? t("Prompt cannot be empty."));

  const { prompt, conversation, parent, folder, key, draft: version, preset } = form.value;
  const { id: userId } = currentUser(request);
  const conversationId = request.params.conversationId ?? conversation;
  const parameters = conversationId === null ? chosenFor(request) : undefined;
  const files = await attached.ready(userId, form.value.files);
  const draft = {
    ...{ text: prompt, conversationId, parentId: parent, folderId: folder },
    ...{ key, version, parameters, presetId: preset, files },
  };
  const asked = await generator.ask(userId, draft);

  // One that waits in another conversation waits on.
  if (request.session.draft?.conversationId === draft.conversationId) delete request.session.draft;
  // A preset has a model of its own; whoever begins without one again has that of the last time.
  if (parameters && !preset) request.session.model = modelField(parameters) || undefined;
  response.redirect(303, `/conversations/${asked.conversationId}`);
}

// What a new conversation is asked with; in another, its own page says that.
function chosenFor(request: MessageRequest): Parameters {
  const form = readParameters(request.body);
  if (form.ok) return form.value;
  throw new Problem(422, Object.values(form.errors)[0] ?? t("The settings are wrong."));
}

/** Whatever refused the question: the page it came from says why, and keeps the text and its files. */
async function showAgain(request: MessageRequest, response: Response, problem: Problem) {
  const { prompt, conversation, parent, folder, preset: presetId } = keep(request.body, FIELDS);
  const id = request.params.conversationId ?? conversation;
  const { id: userId } = currentUser(request);
  const files = await attached.present(userId, filesOf(request.body));
  const typed = { text: prompt ?? "", error: problem.message, files };
  // Where more wait there than go with a question, these stay with their page alone.
  await drafts.keepFiles({ userId, conversationId: id || null }, files, MOST_FILES);

  if (!id) {
    const form = readParameters(request.body);
    const values = keep(request.body, PARAMETER_FIELDS);
    const chosen = form.ok ? { values, errors: {} } : form;
    await showBlank(request, response, { folderId: readRowId(folder), presetId, typed, chosen });
  } else if (await conversations.exists(userId, id)) {
    const place = { id, through: readRowId(parent), before: null, from: null };
    await showConversation(request, response, place, typed);
  } else {
    await showGone(request, response, typed);
  }
}

// The address of a refused question, opened again: its form was on the page of its conversation.
async function back(request: MessageRequest, response: Response) {
  const { conversationId } = request.params;
  if (!conversationId) return response.redirect(303, "/");

  const { id } = await conversations.find(currentUser(request).id, conversationId);
  response.redirect(303, `/conversations/${id}`);
}
